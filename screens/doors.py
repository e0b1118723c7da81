"""Keys that open another screen: the same ones on every screen."""

from __future__ import annotations

from typing import Any

from screens.footing import Footing


class Doors(Footing):
    """A screen from which one goes to others."""

    def go(self, screen: str, **about: Any) -> None:
        """Open another screen, where one may see it."""
        raise NotImplementedError

    def tell(self, word: str, role: str = "tell", **facts: Any) -> None:
        """Say something."""
        raise NotImplementedError

    def press_help(self) -> None:
        """Explain this screen."""
        self.go("help", place=self.place)

    def press_palette(self) -> None:
        """Ask for anything by its name."""
        self.go("palette", place=self.place)

    def press_repaint(self) -> None:
        """The terminal shows something else: paint everything anew."""
        getattr(self.app, "forget", self.refresh)()

    def press_back(self) -> None:
        """Back to where one came from."""
        self.dismiss()

    def press_new(self) -> None:
        """A new case."""
        self.go("new")

    def press_log(self) -> None:
        """The shift's log."""
        self.go("log")

    def press_handover(self) -> None:
        """The handover."""
        self.go("handover")

    def press_arrival(self) -> None:
        """What changed since one was here, and the sheet that waits."""
        self.go("arrival")

    def press_approvals(self) -> None:
        """What waits for a supervisor."""
        self.go("approvals")

    def press_reviews(self) -> None:
        """The shifts that were, and their sheets."""
        self.go("reviews")

    def press_orders(self) -> None:
        """Standing orders, and who has read them."""
        self.go("orders")

    def press_plots(self) -> None:
        """Figures to look at."""
        self.go("plots")

    def press_rounds(self) -> None:
        """Checks on site, what was told from the field, quiet corners."""
        self.go("rounds")

    def press_inbox(self) -> None:
        """What residents write in their group."""
        self.go("inbox")

    def press_callbacks(self) -> None:
        """Who is owed a call, and what residents said."""
        self.go("callbacks")

    def press_people(self) -> None:
        """Who works here, and one's own PIN."""
        self.go("people")

    def press_lock(self) -> None:
        """Cover the screen until one is back."""
        from console.entrance import lockable

        if lockable(self.chair):
            self.app.lock()  # type: ignore[attr-defined]
        else:
            key = next((each.keys.split(",")[0] for each in self.table if each.id == "people"), "N")
            self.tell("lock.no_pin", "warn", key=self.spoken(key))

    def press_drafts(self) -> None:
        """What is half written."""
        self.go("drafts")
