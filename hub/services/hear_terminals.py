"""Take what terminals say of themselves: presence, remarks; and tell them what they should have."""

from collections.abc import Callable, Sequence
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
    leases_hash,
)
from hub.services.outbox import Outgoing
from hub.services.ports import Changes, Clock, Ids


@dataclass(frozen=True, slots=True)
class Presence:
    """What a terminal said last."""

    state: str
    boot: int


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

    def renew(self, terminal: str, now_ms: int) -> Spendable:
        """Fill up what a terminal holds, take back what it may not, and give what it may spend."""


class TerminalWatch(Protocol):
    """Keeps what terminals say; each call is a transaction of its own."""

    def presence(self, terminal: str) -> Presence | None:
        """Give what a terminal said last; None for a terminal that never spoke."""

    def keep_status(self, status: Status, seen_at: int | None) -> bool:
        """Keep it; without `seen_at` it was not heard just now. False for an unknown terminal."""

    def keep_log(self, log: Log, now_ms: int) -> None:
        """Keep a remark, and forget the oldest."""

    def unacked(self, terminal: str) -> Sequence[Outgoing]:
        """Give what the terminal has not acknowledged, oldest first."""


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

    def status(self, status: Status, *, retained: bool) -> list[Outgoing]:
        """Keep a birth, heartbeat or will; gives what to send back.

        The will of an older start is ignored: it can come after the birth of the next. Retained
        messages are what the broker kept: they say how it was, not that the terminal is there.
        """
        now_ms = self.clock.now_ms()
        before = self.watch.presence(status.term)
        if before is not None and status.boot < before.boot:
            return []
        if not self.watch.keep_status(status, None if retained else now_ms):
            return []
        self.changes.publish("terminals")
        if status.data.state == "offline":
            return []
        if status.data.leases is not None:
            self._lessees.add(status.term)
        replies = self._configs([status.term], now_ms=now_ms, said=status.data)
        is_birth = before is None or before.state != "online" or before.boot != status.boot
        if is_birth or retained:
            replies += self.watch.unacked(status.term)
        return replies

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
        self, terminals: Sequence[str], *, now_ms: int, said: StatusData | None = None
    ) -> list[Outgoing]:
        """Write what these terminals should have, unless they said that they have it."""
        desired = [
            self._with_leases(one, now_ms)
            for one in self.desires.desired(terminals, http=self.http, now_ms=now_ms)
        ]
        return [
            Outgoing(one.terminal, "cmd", self._config(one, now_ms))
            for one in desired
            if said is None or one.differs(said)
        ]

    def _with_leases(self, desired: Desired, now_ms: int) -> Desired:
        """Add what a terminal may spend, unless it is of before there were leases."""
        if desired.terminal not in self._lessees:
            return desired
        spendable = self.leases.renew(desired.terminal, now_ms)
        config = msgspec.structs.replace(
            desired.config,
            leases=list(spendable.leases),
            counters=list(spendable.counters),
            counted_at=spendable.counted_at,
            counted_to=spendable.counted_to,
        )
        return Desired(desired.terminal, config)

    def _config(self, desired: Desired, now_ms: int) -> bytes:
        config = desired.config
        signed = msgspec.structs.replace(config.pack, signature=self.sign(config.pack.hash))
        return encode(
            Config(
                id=self.ids(now_ms),
                term=desired.terminal,
                boot=self.boot,
                at=now_ms,
                data=msgspec.structs.replace(config, pack=signed),
            )
        )


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
