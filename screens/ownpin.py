"""A PIN of one's own: the old one where there is one, the new one twice. None of it is kept anywhere but as a hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from console.book import Refused
from console.plain import line
from screens.proof import Proof
from screens.widgets.ink import Part


class OwnPinScreen(Proof):
    """Two or three fields, none of them readable."""

    place = "own_pin"

    def names(self) -> Sequence[str]:
        """The old one only of who has one."""
        from console.entrance import lockable

        return ("old", "new", "again") if lockable(self.chair) else ("new", "again")

    def said(self) -> list[list[Part]]:
        """Whose it is, and what it is for."""
        who = line(self.chair.who.name)
        return [[("strong", self.say("own_pin.head", who=who))], [("dim", self.say("own_pin.hint"))]]

    def prove(self, said: dict[str, str]) -> None:
        """Give it, or say why not."""
        from console.entrance import own_pin

        try:
            if said["new"] != said["again"]:
                raise Refused("refused.pin_differs")
            own_pin(self.chair, said.get("old", ""), said["new"])
        except Refused as error:
            self.empty()
            self.refuse(error)
            return
        self.app.follow()  # type: ignore[attr-defined]
        under = self.under()
        self.dismiss(None)
        if under is not None:
            self.app.call_later(under.tell, "pin.set", "good", who=line(self.chair.who.name))

    def on_key(self, event: Any) -> None:
        """Escape leaves everything as it was."""
        if event.key in ("escape", "ctrl+c"):
            event.stop()
            self.dismiss(None)
