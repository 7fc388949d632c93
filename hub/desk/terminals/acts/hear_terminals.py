"""Take what terminals say of themselves: presence, remarks; and tell them what they should have."""

import logging
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from broker.contract import Log, StatusData, UpdateSaid
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.base.transaction import Transaction, Transactions
from hub.desk.terminals.model import Outgoing
from hub.desk.terminals.store.awaiting import (
    FirstWords,
    await_answers,
    await_terminals,
    awaited_among,
    end_where_whole,
    first_unsure,
)
from hub.desk.terminals.store.copies import halted_starts, keep_copies
from hub.desk.terminals.store.desired import desired_of, online_terminals, version_of
from hub.desk.terminals.store.outbox import unacked_messages
from hub.desk.terminals.store.presence import (
    ahead,
    keep_cards,
    keep_logs,
    keep_packs,
    keep_silent,
    keep_statuses,
    presences,
)
from hub.desk.terminals.store.software.hearing import hear_updates
from hub.desk.terminals.wire.answers import Stamp
from hub.desk.terminals.wire.copies import Watch
from hub.desk.terminals.wire.recalls import Recalls, halt
from hub.desk.terminals.wire.statuses import (
    NOTHING_TO_SPEND,
    Desired,
    Heard,
    Said,
    Spendable,
    last_words,
    names_itself,
    start_of,
    write_config,
)

_log = logging.getLogger(__name__)
_ASKED_AGAIN_MS: Final = 60_000
_SILENT: Final = (
    "%s: asked for orders that the hub has forgotten, gave none. Where the software there is new "
    "enough the broker keeps it from them: let terminals write up/kept, by the access file that "
    "this version writes (broker/acl, or the template of the broker)"
)


@dataclass(slots=True)
class HearTerminals:
    """The act, with what it needs; `http` is where terminals fetch snapshots.

    `sign` gives the signature of a pack's hash: terminals take no pack without. `renew` fills up
    what terminals hold of limited schemes. `gstins` reads those of sellers, by their rows.
    """

    transactions: Transactions
    renew: Callable[[Sequence[str]], Mapping[str, Spendable]]
    clock: Clock
    ids: Ids
    boot: int
    http: str
    sign: Callable[[str], str]
    first_words: FirstWords
    gstins: Callable[[Transaction], Mapping[int, str]]
    recalls: Recalls
    _told: tuple[str, ...] | None = None
    _lessees: set[str] = field(default_factory=set)
    _asked_at: dict[str, int] = field(default_factory=dict)
    _heard: set[str] = field(default_factory=set)
    _gave: set[str] = field(default_factory=set)
    _awaited: set[str] = field(default_factory=set)
    _watch: Watch = field(default_factory=Watch)

    def statuses(self, heard: Sequence[Heard]) -> list[Outgoing]:
        """Keep births, heartbeats and wills together; gives what to send back.

        Of each terminal the last one counts, and of an older start only what it says itself: its
        will can come after the birth of the next. Retained messages are what the broker kept: they
        say how it was, not that the terminal is there.
        """
        now_ms = self.clock.now_ms()
        said, halts = self._keep(heard, now_ms)
        there = {
            name: one.status.data for name, one in said.items() if one.status.data.state == "online"
        }
        self._lessees |= {name for name, data in there.items() if data.leases is not None}
        replies = halts
        replies += self._configs(list(there), now_ms=now_ms, said=there) if there else []
        live = {name for name in there if said[name].seen_at is not None}
        replies += self._recalls(
            there, [name for name in there if said[name].is_back], now_ms, live=live
        )
        returned = [name for name in there if said[name].is_back]
        if not returned:
            return replies
        with self.transactions.reading() as t:
            return [*replies, *unacked_messages(t, returned)]

    def _keep(
        self, heard: Sequence[Heard], now_ms: int
    ) -> tuple[Mapping[str, Said], list[Outgoing]]:
        """Keep the last words of terminals that are known; gives them, and who is told to halt.

        What a halted machine says is not what its terminal is: the first machine goes on.
        """
        names = {one.status.term for one in heard}
        with self.transactions.open(actor="hub", at_ms=now_ms) as t:
            before, halted = presences(t, names), halted_starts(t, names)
            found = self._watch.find(heard, before, halted=halted, mono_ms=self.clock.mono_ms())
            copies = keep_copies(t, found.copies)
            halted = halted_starts(t, names) if copies else halted
            firsts = [
                one for one in heard if start_of(one.status) not in halted.get(one.status.term, ())
            ]
            words = last_words(firsts, before, now_ms)
            known = keep_statuses(t, list(words.values()), older=found.older) if words else ()
            said = {name: one for name, one in words.items() if name in known}
            new = [one.status for one in said.values() if one.has_new_card]
            keep_packs(t, [one.status.data for one in said.values()])
            keep_cards(t, new=new, older=found.older & set(known), copies=copies)
            hear_updates(t, _updates_in(said))
            if known or copies:
                t.changed("terminals")
            t.commit()
        told = set(copies) | {name for name, one in said.items() if one.is_back}
        told |= {
            one.status.term for one in heard if one not in firsts and not one.status.data.halted
        }
        return said, self._halts(halted, told, now_ms)

    def _halts(
        self, halted: Mapping[str, Sequence[str]], told: AbstractSet[str], now_ms: int
    ) -> list[Outgoing]:
        """Tell the machines of these terminals which of them stop, where they can know it."""
        return [
            halt(name, starts=starts, ids=self.ids, boot=self.boot, now_ms=now_ms)
            for name in sorted(told & halted.keys())
            if (starts := [one for one in halted[name] if names_itself(one)])
        ]

    def _recalls(
        self,
        there: Mapping[str, StatusData],
        returned: Sequence[str],
        now_ms: int,
        *,
        live: AbstractSet[str],
    ) -> list[Outgoing]:
        """Ask terminals that keep orders that are not here for them, and await them until then.

        It is asked of those that came back, or that this hub hears for the first time since its
        start; and of those that were asked and still are ahead, not more than once a minute: what
        they gave may be on its way. After a restore each is asked for its orders that may have gone
        on since the backup, also where by its last word nothing is missing, and that may be known
        only by a word after its first.
        """
        mono_ms = self.clock.mono_ms()
        asked = {
            name
            for name in there
            if name in returned
            or name not in self._heard
            or mono_ms - self._asked_at.get(name, mono_ms) >= _ASKED_AGAIN_MS
        }
        self._look_for_awaited(there, asked | self._awaited, live)
        asked |= (self._awaited & live) - self._asked_at.keys()
        if not asked:
            return []
        self._heard |= asked
        with self.transactions.reading() as t:
            forgotten = ahead(t, asked)
            firsts = _unsure(t, there, asked - forgotten)
        firsts |= dict.fromkeys(forgotten, 0)
        long_ago = mono_ms - _ASKED_AGAIN_MS
        self._tell_silent([one for one in firsts if self._asked_at.get(one, mono_ms) <= long_ago])
        self._gave -= firsts.keys()
        self._asked_at = {
            name: at for name, at in self._asked_at.items() if name not in asked
        } | dict.fromkeys(firsts, mono_ms)
        return [
            self.recalls.ask(name, after=max(0, kept.first - 1, firsts[name] - 1), now_ms=now_ms)
            for name in sorted(firsts)
            if (kept := there[name].kept) is not None
        ]

    def _look_for_awaited(
        self, there: Mapping[str, StatusData], among: AbstractSet[str], live: AbstractSet[str]
    ) -> None:
        """Begin to await terminals that are ahead; end it for those that said that they are not.

        What the broker kept of a terminal ends nothing: it is of before its newest orders. Nor does
        it end for one that has to give back what may have gone on: of that one it is said that it
        was heard.
        """
        names = there.keys() & among
        if not names:
            return
        with self.transactions.reading() as t:
            forgotten, awaited = ahead(t, names), awaited_among(t, names)
            unsure = _unsure(t, there, awaited.keys())
        new = {name for name in forgotten if awaited.get(name) != "ahead"}
        over = (awaited.keys() - forgotten - unsure.keys()) & live
        self._awaited = (self._awaited - names) | forgotten | (awaited.keys() - over)
        heard = {name for name in (unsure.keys() - forgotten) & live if awaited[name] != "asked"}
        if not (new or over or heard):
            return
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            await_terminals(t, new)
            await_answers(t, heard)
            end_where_whole(t, over)
            t.commit()

    def gave_back(self, terminal: str) -> None:
        """Take note that a terminal answered when it was asked for what the hub has forgotten.

        The next of it is asked for at once: only a minute after the last is it asked from its
        beginning again.
        """
        self._gave.add(terminal)
        if terminal in self._asked_at:
            self._asked_at[terminal] = self.clock.mono_ms()

    def _tell_silent(self, asked: Sequence[str]) -> None:
        """Say which terminals gave nothing back a minute after they were asked for it.

        The commonest cause is a broker with an access file of before there was `up/kept`: it takes
        the message, says that it has it, and drops it.
        """
        silent = sorted(set(asked) - self._gave)
        if not silent:
            return
        _log.warning(_SILENT, ", ".join(silent))
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            keep_silent(t, silent)
            t.changed("terminals")
            t.commit()

    def logs(self, logs: Sequence[Log]) -> None:
        """Keep remarks of terminals together."""
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            keep_logs(t, logs)
            t.changed("terminals")
            t.commit()

    def tell_changes(self) -> list[Outgoing]:
        """Write what terminals that are there should have, once each time any of it changed."""
        now_ms = self.clock.now_ms()
        with self.transactions.reading() as t:
            version = version_of(t, now_ms, self.gstins(t))
            there = online_terminals(t) if self._told not in {None, version} else ()
        is_new = self._told not in {None, version}
        self._told = version
        return self._configs(there, now_ms=now_ms) if is_new else []

    def _configs(
        self,
        terminals: Sequence[str],
        *,
        now_ms: int,
        said: Mapping[str, StatusData] | None = None,
    ) -> list[Outgoing]:
        """Write what these terminals should have, unless they said that they have it."""
        with self.transactions.reading() as t:
            desired = desired_of(t, terminals, http=self.http, now_ms=now_ms, gstins=self.gstins(t))
            is_early = self.first_words.are_awaited(t)
            unsure = set(terminals if is_early else awaited_among(t, terminals))
        return [
            Outgoing(one.terminal, "cmd", payload)
            for one in self._with_leases(desired, unsure)
            if said is None or one.differs(said[one.terminal])
            for payload in self._written(one, now_ms)
        ]

    def _with_leases(
        self, desired: Sequence[Desired], unsure: AbstractSet[str]
    ) -> Sequence[Desired]:
        """Add leases to each terminal's configuration, unless its software is older than leases.

        Of whom orders may be missing gets nothing to give away: they may have used it up.
        """
        named = {one.terminal for one in desired}
        lessees = sorted((named & self._lessees) - unsure)
        spendable = self.renew(lessees) if lessees else {}
        return [
            one.with_leases(spendable.get(one.terminal, NOTHING_TO_SPEND))
            if one.terminal in self._lessees
            else one
            for one in desired
        ]

    def _written(self, desired: Desired, now_ms: int) -> list[bytes]:
        return write_config(
            desired,
            signature=self.sign(desired.config.pack.hash),
            stamp=lambda: Stamp(id=self.ids(now_ms), boot=self.boot, at=now_ms),
        )


def _unsure(
    t: Transaction, there: Mapping[str, StatusData], names: AbstractSet[str]
) -> dict[str, int]:
    """Give the first order that may have gone on, of those of these terminals that keep orders."""
    keeping = {
        name: kept.first for name in names if (kept := there[name].kept) is not None and kept.orders
    }
    return first_unsure(t, keeping) if keeping else {}


def _updates_in(said: Mapping[str, Said]) -> Mapping[str, UpdateSaid]:
    """Give what terminals say of their software now: what a broker kept of it is of before."""
    return {
        name: one.status.data.update
        for name, one in said.items()
        if one.seen_at is not None
        and one.status.data.state == "online"
        and one.status.data.update is not None
    }
