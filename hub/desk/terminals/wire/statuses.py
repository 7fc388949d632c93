"""What terminals say of themselves, and what they are told to have, as the wire's messages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import msgspec

from broker.contract import (
    USUAL_NOTICES,
    USUAL_QUANTITY,
    Config,
    ConfigData,
    CustomerFacts,
    Lease,
    Payment,
    SchemeCounter,
    ServedCustomer,
    SignedSnapshot,
    Snapshot,
    Status,
    StatusData,
    cards_hash,
    counter_hash,
    encode,
    facts_hash,
    in_parts,
    leases_hash,
)
from hub.desk.terminals.model import CounterSettings, Presence, payments_of
from hub.desk.terminals.wire.answers import Stamp

_UNNAMED: Final = "boot "


@dataclass(frozen=True, slots=True)
class Heard:
    """A status as it came; `retained` where the broker had kept it."""

    status: Status
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A terminal's last word; without `seen_at` it was not heard just now.

    `is_back` says that it may have missed what was sent to it, `has_new_card` that it ran from
    another card before.
    """

    status: Status
    seen_at: int | None
    is_back: bool
    has_new_card: bool = False


@dataclass(frozen=True, slots=True)
class Spendable:
    """What a terminal may give of schemes, and what its customer had of them, as of one moment.

    Its orders up to the number `counted_to` are counted in.
    """

    leases: Sequence[Lease] = ()
    counters: Sequence[SchemeCounter] = ()
    counted_at: int = 0
    counted_to: int = 0


NOTHING_TO_SPEND = Spendable()


@dataclass(frozen=True, slots=True)
class Desired:
    """What a terminal should have; `config` is all of it."""

    terminal: str
    config: ConfigData

    def differs(self, said: StatusData) -> bool:
        """Say whether the terminal has something else."""
        has = (said.catalogue, said.pack, said.facts)
        config = self.config
        return (
            has != (config.catalogue.hash, config.pack.hash, facts_hash(config.customer))
            or (said.numbered_to is not None and said.numbered_to < config.numbered_to)
            or said.counter not in {None, _counter_hash(config)}
            or (said.update is not None and said.update.manifest != self._offered)
            or said.cards not in {None, _cards_hash(config)}
            or (said.diagnoses and config.diagnosis is not None)  # asked for until it is here
            or (said.rotates and config.rotation is not None)  # until the new one was used
            or said.leases not in {None, leases_hash(config.leases, config.counters)}
        )

    @property
    def _offered(self) -> str | None:
        return self.config.software.digest if self.config.software else None

    def with_leases(self, spendable: Spendable) -> "Desired":
        """Add what the terminal may spend."""
        config = msgspec.structs.replace(
            self.config,
            leases=list(spendable.leases),
            counters=list(spendable.counters),
            counted_at=spendable.counted_at,
            counted_to=spendable.counted_to,
        )
        return Desired(self.terminal, config)


def _counter_hash(config: ConfigData) -> str:
    return counter_hash(
        config.payments,
        ask_quantity=config.ask_quantity,
        ask_amount=config.ask_amount,
        notices=config.notices,
    )


def _cards_hash(config: ConfigData) -> str:
    return cards_hash(config.operators, config.customers, needed=config.operator_needed)


def last_words(
    heard: Sequence[Heard], before: Mapping[str, Presence], now_ms: int
) -> dict[str, Said]:
    """Follow what terminals said one after another; gives the last word of each.

    A terminal that speaks now is there, whatever its boot: a new card counts from 1, and an older
    one from where it was. What the broker kept, or sends in its place, counts only where it is of
    the last boot of the last card.
    """
    said: dict[str, Said] = {}
    presences = dict(before)
    for one in heard:
        status, name = one.status, one.status.term
        last, earlier = presences.get(name), said.get(name)
        if last is not None and _is_late(one, last):
            continue
        is_birth = last is None or last.state != "online" or last.start != start_of(status)
        seen_at = now_ms if not one.retained else earlier.seen_at if earlier else None
        is_back = is_birth or one.retained or (earlier is not None and earlier.is_back)
        noted = last.card if last else None
        has_new_card = bool(noted and status.data.card and noted != status.data.card)
        has_new_card = has_new_card or (earlier is not None and earlier.has_new_card)
        said[name] = Said(status, seen_at, is_back, has_new_card)
        presences[name] = Presence(
            status.data.state, status.boot, status.data.card, start_of(status)
        )
    return said


def start_of(status: Status) -> str:
    """Name the start of a terminal that a status is of: by its id, else by its boot and card."""
    return status.data.start or f"{_UNNAMED}{status.boot} of {status.data.card or 'a card'}"


def names_itself(start: str) -> bool:
    """Tell whether a machine knows its start by this name: older software knows none."""
    return not start.startswith(_UNNAMED)


def _is_late(heard: Heard, last: Presence) -> bool:
    """Say whether a status is of an earlier start than the last one that was heard."""
    status = heard.status
    if not heard.retained and status.data.state == "online":
        return False
    if last.card and status.data.card and last.card != status.data.card:
        return last.state == "online" or heard.retained
    if status.boot == last.boot and last.start and status.data.start:
        return status.data.start != last.start  # of another machine on a copy of the card
    return status.boot < last.boot


def config_data(  # every part of it is named at the one place that has them
    settings: Mapping[str, str],
    customer: CustomerFacts,
    *,
    warehouse: str,
    http: str,
    catalogue: Snapshot,
    pack: Snapshot,
) -> ConfigData:
    """Put together what a terminal should have."""
    return ConfigData(
        distributor=settings.get("distributor", ""),
        support=settings.get("support", ""),
        timezone=settings.get("timezone", "UTC"),
        customer=customer,
        warehouse=warehouse,
        http=settings.get("http") or http,
        catalogue=catalogue,
        pack=SignedSnapshot(hash=pack.hash, size=pack.size),
    )


def with_counter(config: ConfigData, settings: CounterSettings, credit_state: str) -> ConfigData:
    """Add which payments a counter takes, from where on it asks once more, which notices print."""
    quantity = settings.ask_quantity
    return msgspec.structs.replace(
        config,
        payments=list(payments_of(settings, credit_state)),
        ask_quantity=USUAL_QUANTITY if quantity is None else quantity,
        ask_amount=settings.ask_amount or 0,
        operator_needed=bool(settings.operator_needed),
        notices=settings.notices or USUAL_NOTICES,
    )


def served_customer(
    settings: CounterSettings, facts: CustomerFacts, *, gstin: str
) -> ServedCustomer:
    """Write another customer that a counter may order for, with the payments it takes of it."""
    taken = payments_of(settings, facts.credit.state)
    payments = cast("list[Payment]", list(taken))
    return ServedCustomer(facts=facts, payments=payments, gstin=gstin)


def write_config(desired: Desired, *, signature: str, stamp: Callable[[], Stamp]) -> list[bytes]:
    """Write what a terminal should have, in as many messages as it takes."""
    config = desired.config
    signed = msgspec.structs.replace(config.pack, signature=signature)
    parts = in_parts(msgspec.structs.replace(config, pack=signed))
    return [encode(Config(**stamp(), term=desired.terminal, data=part)) for part in parts]
