"""Take what terminals say of themselves: presence, remarks; and tell them what they should have."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import msgspec

from broker.contract import (
    Config,
    ConfigData,
    CustomerFacts,
    Lease,
    Log,
    SchemeCounter,
    SignedSnapshot,
    Snapshot,
    Status,
    StatusData,
    encode,
    facts_hash,
    in_parts,
    leases_hash,
)
from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.services.outbox import Outgoing


@dataclass(frozen=True, slots=True)
class Presence:
    """What a terminal said last."""

    state: str
    boot: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A status as it came; `retained` where the broker had kept it."""

    status: Status
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A terminal's last word; without `seen_at` it was not heard just now.

    `is_back` says that it may have missed what was sent to it.
    """

    status: Status
    seen_at: int | None
    is_back: bool


@dataclass(frozen=True, slots=True)
class Desired:
    """What a terminal should have; `config` is all of it."""

    terminal: str
    config: ConfigData

    def differs(self, said: StatusData) -> bool:
        """Say whether the terminal has something else."""
        has = (said.catalogue, said.pack, said.facts)
        config = self.config
        if said.leases not in {None, leases_hash(config.leases, config.counters)}:
            return True
        return has != (config.catalogue.hash, config.pack.hash, facts_hash(config.customer))

    def with_leases(self, spendable: "Spendable") -> "Desired":
        """Add what the terminal may spend."""
        config = msgspec.structs.replace(
            self.config,
            leases=list(spendable.leases),
            counters=list(spendable.counters),
            counted_at=spendable.counted_at,
            counted_to=spendable.counted_to,
        )
        return Desired(self.terminal, config)


@dataclass(frozen=True, slots=True)
class Spendable:
    """What a terminal may give of schemes, and what its customer had of them, as of one moment.

    Its orders up to the number `counted_to` are counted in.
    """

    leases: Sequence[Lease] = ()
    counters: Sequence[SchemeCounter] = ()
    counted_at: int = 0
    counted_to: int = 0


NOTHING_TO_SPEND: Final = Spendable()


class Leases(Protocol):
    """Keeps what terminals may give of schemes with a total limit."""

    def renew(self, terminals: Sequence[str], now_ms: int) -> Mapping[str, Spendable]:
        """Fill up what terminals hold, take back what they may not, and give what they may spend.

        Left out are those that may hold nothing.
        """

    def take_back(self, now_ms: int) -> None:
        """Take back leases that have run out, the oldest first, some at each call."""


class TerminalWatch(Protocol):
    """Keeps what terminals say; each call is a transaction of its own."""

    def presences(self, terminals: Collection[str]) -> Mapping[str, Presence]:
        """Give what these terminals said last; one that never spoke is left out."""

    def keep_statuses(self, said: Sequence[Said]) -> Collection[str]:
        """Keep one status of each terminal; gives the terminals, but those that nobody knows."""

    def keep_log(self, log: Log, now_ms: int) -> None:
        """Keep a remark, and forget the oldest."""

    def unacked(self, terminals: Collection[str]) -> Sequence[Outgoing]:
        """Give what each of these terminals has not acknowledged, oldest first."""


class Desires(Protocol):
    """Knows what terminals should have."""

    def desired(self, terminals: Sequence[str], *, http: str, now_ms: int) -> Sequence[Desired]:
        """Say what these terminals should have; nothing before a catalogue and a pack are there."""

    def version(self, now_ms: int) -> tuple[str, ...]:
        """Name all that terminals are told now, so that a change of any of it is seen."""

    def online(self) -> Sequence[str]:
        """Name the terminals that said they are there."""


@dataclass(slots=True)
class HearTerminals:
    """The use cases, with what they need; `http` is where terminals fetch snapshots.

    `sign` gives the signature of a pack's hash: terminals take no pack without.
    """

    watch: TerminalWatch
    desires: Desires
    leases: Leases
    clock: Clock
    ids: Ids
    changes: Changes
    boot: int
    http: str
    sign: Callable[[str], str]
    _told: tuple[str, ...] | None = None
    _lessees: set[str] = field(default_factory=set)

    def statuses(self, heard: Sequence[Heard]) -> list[Outgoing]:
        """Keep births, heartbeats and wills together; gives what to send back.

        Of each terminal the last one counts. The will of an older start is ignored: it can come
        after the birth of the next. Retained messages are what the broker kept: they say how it
        was, not that the terminal is there.
        """
        now_ms = self.clock.now_ms()
        before = self.watch.presences({one.status.term for one in heard})
        said = _last_words(heard, before, now_ms)
        known = self.watch.keep_statuses(list(said.values())) if said else ()
        if known:
            self.changes.publish("terminals")
        there = {
            name: one.status.data
            for name, one in said.items()
            if name in known and one.status.data.state == "online"
        }
        self._lessees |= {name for name, data in there.items() if data.leases is not None}
        replies = self._configs(list(there), now_ms=now_ms, said=there) if there else []
        returned = [name for name in there if said[name].is_back]
        return [*replies, *self.watch.unacked(returned)] if returned else replies

    def take_back(self) -> None:
        """Take back leases that have run out."""
        self.leases.take_back(self.clock.now_ms())

    def log(self, log: Log) -> None:
        """Keep a remark of a terminal."""
        self.watch.keep_log(log, self.clock.now_ms())
        self.changes.publish("terminals")

    def tell_changes(self) -> list[Outgoing]:
        """Write what terminals that are there should have, once each time any of it changed."""
        now_ms = self.clock.now_ms()
        version = self.desires.version(now_ms)
        if version == self._told:
            return []
        is_first, self._told = self._told is None, version
        if is_first:
            return []
        return self._configs(self.desires.online(), now_ms=now_ms)

    def _configs(
        self,
        terminals: Sequence[str],
        *,
        now_ms: int,
        said: Mapping[str, StatusData] | None = None,
    ) -> list[Outgoing]:
        """Write what these terminals should have, unless they said that they have it."""
        desired = self.desires.desired(terminals, http=self.http, now_ms=now_ms)
        return [
            Outgoing(one.terminal, "cmd", payload)
            for one in self._with_leases(desired, now_ms)
            if said is None or one.differs(said[one.terminal])
            for payload in self._written(one, now_ms)
        ]

    def _with_leases(self, desired: Sequence[Desired], now_ms: int) -> Sequence[Desired]:
        """Add what terminals may spend, but to those of before there were leases."""
        lessees = [one.terminal for one in desired if one.terminal in self._lessees]
        spendable = self.leases.renew(lessees, now_ms) if lessees else {}
        return [
            one.with_leases(spendable.get(one.terminal, NOTHING_TO_SPEND))
            if one.terminal in self._lessees
            else one
            for one in desired
        ]

    def _written(self, desired: Desired, now_ms: int) -> list[bytes]:
        """Write what a terminal should have, in as many messages as it takes."""
        config = desired.config
        signed = msgspec.structs.replace(config.pack, signature=self.sign(config.pack.hash))
        return [
            encode(
                Config(
                    id=self.ids(now_ms), term=desired.terminal, boot=self.boot, at=now_ms, data=part
                )
            )
            for part in in_parts(msgspec.structs.replace(config, pack=signed))
        ]


def _last_words(
    heard: Sequence[Heard], before: Mapping[str, Presence], now_ms: int
) -> dict[str, Said]:
    """Follow what terminals said one after another; gives the last word of each."""
    said: dict[str, Said] = {}
    presences = dict(before)
    for one in heard:
        status, name = one.status, one.status.term
        last, earlier = presences.get(name), said.get(name)
        if last is not None and status.boot < last.boot:
            continue
        is_birth = last is None or last.state != "online" or last.boot != status.boot
        seen_at = now_ms if not one.retained else earlier.seen_at if earlier else None
        is_back = is_birth or one.retained or (earlier is not None and earlier.is_back)
        said[name] = Said(status, seen_at, is_back)
        presences[name] = Presence(status.data.state, status.boot)
    return said


def config_data(  # every part of it is named at the one place that has them
    settings: dict[str, str],
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
