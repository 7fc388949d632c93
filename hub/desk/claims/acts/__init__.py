"""What is done with claims: made, sent, accepted, paid short, withdrawn, written as letters."""

from dataclasses import dataclass

from hub.desk.claims.acts.gather_given import GatherGiven
from hub.desk.claims.acts.give_letter import GiveLetter
from hub.desk.claims.acts.make_claim import MakeClaim
from hub.desk.claims.acts.move_claim import MoveClaim
from hub.desk.claims.acts.set_value import SetValue
from hub.desk.claims.acts.short_claim import ShortClaim


@dataclass(frozen=True, slots=True)
class ClaimActs:
    """The acts of claims."""

    make: MakeClaim
    move: MoveClaim
    short: ShortClaim
    letter: GiveLetter
    value: SetValue
    gather: GatherGiven
