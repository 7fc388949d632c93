"""What became of goods that left: delivered, back and good, back and damaged, or lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from hub.base.fields import Reason
from hub.desk.deliveries.model.life import Outcome

LineReason = Literal["short", "damaged", "refused", "wrong_goods", "too_late", "shop_closed"]
"""Why a line, or part of it, was not delivered."""

LINE_REASONS: Final[tuple[LineReason, ...]] = get_args(LineReason)
RESTS: Final = ("close", "again")
"""What is done about what a shop did not get: nobody waits for it, or it is ordered once more."""


@dataclass(frozen=True, slots=True)
class SentLine:
    """Base units of one batch that left on a note."""

    number: int
    sent: int


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of a line: whatever is neither back, damaged nor lost was delivered.

    Of 12 sent, 2 back and 1 damaged, 9 were delivered.
    """

    number: int
    sent: int
    back: int = 0
    damaged: int = 0
    lost: int = 0
    reason: LineReason | Literal[""] = ""

    @property
    def delivered(self) -> int:
        """Give how much of it the shop took."""
        return self.sent - self.back - self.damaged - self.lost


def all_back(lines: Sequence[SentLine], *, reason: LineReason) -> list[LineOutcome]:
    """Give the outcome of goods that all came back good, as from a shop that is closed."""
    return [LineOutcome(one.number, one.sent, back=one.sent, reason=reason) for one in lines]


def outcome_of(lines: Sequence[LineOutcome]) -> Outcome:
    """Name what became of a note from its lines: all delivered, some, or nothing.

    A shop that was closed is said by whoever was there, and not told from lines.
    """
    if all(one.delivered == one.sent for one in lines):
        return "delivered"
    return "part" if any(one.delivered for one in lines) else "refused"


def faults_of(
    lines: Sequence[LineOutcome], sent: Mapping[int, SentLine], *, outcome: Outcome
) -> list[Reason]:
    """Tell what cannot be of an outcome; the field of each is the line's number.

    More back than left, less than delivered without a reason, or a line that the note has not.
    """
    faults = []
    for one in lines:
        known = sent.get(one.number)
        field = str(one.number)
        if known is None:
            faults.append(Reason("delivery_line_unknown", {"line": one.number}, field))
        elif min(one.back, one.damaged, one.lost, one.delivered) < 0:
            params = {"sent": known.sent, "back": one.back + one.damaged + one.lost}
            faults.append(Reason("delivery_more_back", params, field))
        elif one.delivered < one.sent and not one.reason:
            faults.append(Reason("delivery_reason_missing", {"line": one.number}, field))
    if not faults and outcome == "closed_shop" and any(one.delivered for one in lines):
        faults.append(Reason("delivery_closed_but_delivered", {}, "outcome"))
    return faults
