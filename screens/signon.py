"""Signing on at a terminal that several people share: login and PIN, before anything of the station is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from console.book import Refused
from screens.proof import Proof


class SignOnScreen(Proof):
    """Who one is, and the proof."""

    place = "sign_on"
    readable = ("login",)
    ends = (("enter", "typing.done"), ("ctrl+c", "lock.leave"))

    def names(self) -> Sequence[str]:
        """Login and PIN."""
        return ("login", "pin")

    def heard(self, news: Sequence[Any]) -> None:
        """Nobody sits here yet."""

    def prove(self, said: dict[str, str]) -> None:
        """Into the station, or the reason why not."""
        from console.entrance import sign_on

        try:
            wrong = sign_on(self.chair, said["login"].strip().lower(), said["pin"])
        except Refused as error:
            self.empty()
            self.refuse(error)
            return
        self.app.seated(wrong)  # type: ignore[attr-defined]

    def on_key(self, event: Any) -> None:
        """Ctrl+C leaves; Escape goes back to the login."""
        if event.key == "ctrl+c":
            event.stop()
            self.app.exit(0)
        elif event.key in ("tab", "down", "shift+tab", "up"):
            event.stop()
            at = self.focused.id if self.focused is not None else ""
            self.set_focus(self.field("pin" if at == "login" else "login"))
        elif event.key == "escape":
            event.stop()
            self.empty()
            self.set_focus(self.field("login"))
