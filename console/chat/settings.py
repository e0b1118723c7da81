"""What differs from town to town in the group chat, and how call-backs become rates."""

from __future__ import annotations

from dataclasses import dataclass

from console.book import Refused
from console.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings(Record):
    """The group chat."""

    tell: bool = True
    """Whether who told something is told the number of the case that was made of it."""

    answers: tuple[str, ...] = ()
    """Sentences that are offered besides our own; ``{number}`` stands for the case's number, ``{agency}`` for who has it."""

    picture_megabytes: int = 10
    """Size up to which a picture is kept; 0: none is."""

    keep_days: int = 7
    """Days that a message which nobody needs any more stays at hand before it goes to the archive."""

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not 1 <= self.keep_days <= 365:
            raise Refused("wrong.days", field="keep_days")
        if not 0 <= self.picture_megabytes <= 100:
            raise Refused("wrong.number", field="picture_megabytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSettings(Record):
    """How call-backs become rates. One city weighs 0.1, 0.5, 0.4, another 0.3, 0.35, 0.35 with months from the 19th."""

    contacted: float = 0.1
    """Weight of the share in which whoever handled it had got in touch."""

    solved: float = 0.5
    """Weight of the share that is solved."""

    satisfied: float = 0.4
    """Weight of the share that is satisfied."""

    fairly: float = 0.9
    """What somebody fairly satisfied counts for."""

    month_from: int = 1
    """Day of the month on which a month of rates begins; from the 2nd on it is named after the month in which it ends."""

    day_from: str = "00:00"
    """Hour at which a day of rates begins, station-local."""

    def __post_init__(self) -> None:
        """Check weights, day and hour."""
        from console.workdays import slot_minutes

        weights = (self.contacted, self.solved, self.satisfied)
        if any(each < 0 for each in weights) or abs(sum(weights) - 1) > 1e-6 or not 0 <= self.fairly <= 1:
            raise Refused("wrong.weights")
        if not 1 <= self.month_from <= 28:
            raise Refused("wrong.days", field="month_from")
        try:
            slot_minutes(f"{self.day_from}-24:00")
        except ValueError as error:
            raise Refused("wrong.hours", field="day_from", said=self.day_from) from error
