"""A screen that its owner has left alone: nothing of the work is seen, all of it stays under it, their PIN opens it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from console.book import Refused
from console.issues import TAKES
from console.plain import line
from screens.proof import Proof
from screens.widgets.ink import Part

if TYPE_CHECKING:
    from storage.store import Entry


class LockScreen(Proof):
    """The station's name, whose screen it is, and a field."""

    place = "lock"
    ends = (("enter", "lock.open"), ("ctrl+c", "lock.leave"))

    def on_mount(self) -> None:
        """The others do not see any more what one looks at."""
        self.chair.tell("")

    def said(self) -> list[list[Part]]:
        """Whose it is, that nothing is lost, and how many cases there are: no more than a number is for everybody's eyes."""
        counts = "  ".join(f"{self.say(f'count.{name}')} {n}" for name, n in self.chair.counts().items())
        head = self.say("lock.head", who=line(self.chair.who.name))
        return [[("strong", head)], [("dim", self.say("lock.hint"))], [("text", counts)]]

    def heard(self, news: Sequence[Entry]) -> None:
        """What others do is nobody's business here; a case of the highest severity rings all the same."""
        if any(entry.what in TAKES and (doc or {}).get("severity") == "p1" for entry in news for _, _, doc in entry.ops):
            self.app.bell()

    def prove(self, said: dict[str, str]) -> None:
        """Open, or say why not."""
        from console.entrance import unlock

        try:
            wrong = unlock(self.chair, said["pin"])
        except Refused as error:
            self.empty()
            self.refuse(error)
            return
        under = self.under()
        self.dismiss(None)
        if wrong and under is not None:
            self.app.call_later(under.tell, "sign_on.wrong", "warn", n=wrong)

    def on_key(self, event: Any) -> None:
        """Ctrl+C leaves the session; what is half written is kept as it always is. Escape opens nothing."""
        if event.key == "ctrl+c":
            event.stop()
            self.app.exit(0)
        elif event.key == "escape":
            event.stop()
