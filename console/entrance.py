"""Coming in at the screens: signing on at a terminal that several people share, and opening one's own locked screen."""

from __future__ import annotations

from console.book import Refused
from console.chair import Chair, Trouble
from console.comings import ComeIn, Way
from console.config import settings
from console.pins import check, give, prove, proving
from console.staff import actor, person
from console.words import words


def sign_on(chair: Chair, login: str, pin: str) -> int:
    """Somebody sits down with login and PIN: how many wrong guesses there were before. Raises ``Refused``.

    Whether a login is on the staff list is not told to who cannot sign on.
    """
    try:
        chair.desk.catch_up()
        wrong = prove(chair.beside, login, pin, chair.now())
    except Trouble as error:
        raise Refused("refused.store", reason=error) from error
    chair.sit(actor(chair.book, login, chair.who.source, chair.now()))
    own = person(chair.book, login)
    if own is not None and own.language:
        chair.say = words(own.language)
    return wrong


def unlock(chair: Chair, pin: str) -> int:
    """Who sits here proves to be still the same: how many wrong guesses there were before. Raises ``Refused``."""
    try:
        return prove(chair.beside, chair.who.id, pin, chair.now())
    except Trouble as error:
        raise Refused("refused.store", reason=error) from error


def came(chair: Chair, way: Way, wrong: int = 0) -> None:
    """Keep that somebody came in. A store that can only be read is read all the same."""
    if not chair.trouble:
        chair.do(ComeIn(way=way, wrong=wrong))


def lockable(chair: Chair) -> bool:
    """Whether there is a PIN with which the screen could be taken up again."""
    found = person(chair.book, chair.who.id)
    return found is not None and found.pin_at is not None


def lock_seconds(chair: Chair) -> float:
    """Seconds without a key after which the screen is locked; 0: it is not."""
    return settings(chair.book).lock_after * 60.0 if lockable(chair) else 0.0


def own_pin(chair: Chair, old: str, new: str) -> None:
    """Give oneself a PIN; who has one proves it first. Raises ``Refused``."""
    check(new)
    try:
        if lockable(chair):
            with proving(chair.desk, chair.beside, old):
                give(chair.desk, chair.beside, "", new)
        else:
            give(chair.desk, chair.beside, "", new)
    except Trouble as error:
        raise Refused("refused.store", reason=error) from error
