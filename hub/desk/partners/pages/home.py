"""A partner's first page: what waits first, then what to order again, then what is owed."""

from dataclasses import dataclass
from typing import Final

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.orders.words import tell_reason
from hub.desk.parties.model import moment_of
from hub.desk.parties.reads import read_distributor
from hub.desk.partners.reads.home import HeldOrder, PartnerHome, read_home

_CREDIT: Final = frozenset(
    {"credit_limit_exceeded", "credit_stopped", "credit_conditional", "cash_only"}
)


@dataclass(frozen=True, slots=True)
class Held:
    """A held order as it is told: why in plain words, who decides, and what helps meanwhile."""

    order: HeldOrder
    why: tuple[str, ...]
    who: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template is given: what was read, and the held orders in words."""

    home: PartnerHome
    held: tuple[Held, ...]


def read(connection: Connection, session: Session, words: PageWords, *, now_ms: int) -> Shown:
    """Read the first page of a partner."""
    today = moment_of(now_ms, read_distributor(connection).zone).day
    home = read_home(connection, today=today, language=words.language, scope=session.scope)
    return Shown(home, tuple(_told(one, words) for one in home.held))


def _told(held: HeldOrder, words: PageWords) -> Held:
    newest = held.order.newest
    why = dict.fromkeys(
        tell_reason(one, newest.scale, words, staff=False, currency=newest.currency)
        for one in newest.reasons
    )
    codes = {one.code for one in held.order.reasons}
    said = "partner.hold_credit" if codes & _CREDIT else "partner.hold_other"
    who = words.text(said, seller=held.seller)
    return Held(held, tuple(_sentence(one) for one in why), who)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
