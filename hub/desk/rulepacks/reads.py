"""Rule packs as people look at them: the list, one version, its files, its names, its shadow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Final, Generic, TypeVar

import msgspec
from sqlalchemy import Connection, Integer, cast, func, select

from hub.base.money import HOUSE_SCALE
from hub.desk.products.reads import read_body
from hub.desk.rulepacks.model.packed import Doubt, Told
from hub.desk.rulepacks.model.versions import State, Version, state_of
from hub.desk.rulepacks.tables import (
    pack_event,
    pack_file,
    read_versions,
    rule_pack,
    serving_pack,
    shadow_decision,
)
from rules import Minor, Quantity, read_texts
from rules.engine.schemes.terms import SchemeTerms, read_schemes
from rules.tools.replay.changes import OrderChange, RuleChange

BIGGEST: Final = 10
_ADDED_UP: Final = 5_000
_MOST_PACKS: Final = 8
_NOTHING: Final = (Minor(0), Minor(0), Quantity(0), Quantity(0))
_doubts: Final = msgspec.json.Decoder(list[tuple[str, str, str, str, str]])
_told: Final = msgspec.json.Decoder(tuple[tuple[str, dict[str, str]], ...])
_change: Final = msgspec.json.Decoder(OrderChange)


Read = TypeVar("Read")


class ReadOnce(Generic[Read]):
    """What is read out of packed packs, once a process for each: a pack never changes.

    The newest 8 are kept. Threads may ask at once: each gets its own pack's, whatever is let go.
    """

    def __init__(self, read: Callable[[bytes], Read], *, most: int = _MOST_PACKS) -> None:
        self._read, self._most = read, most
        self._kept: dict[str, Read] = {}
        self._lock = Lock()

    def of(self, digest: str, load: Callable[[], bytes | None]) -> Read:
        """Give what the pack of a hash says; `load` gives its bytes, None where it is gone."""
        found = self._kept.get(digest)
        if found is not None:
            return found
        body = load()
        found = self._read(body or b"")
        if body is not None:
            with self._lock:
                self._kept[digest] = found
                while len(self._kept) > self._most:
                    del self._kept[next(iter(self._kept))]
        return found


_texts: Final = ReadOnce(read_texts)
_terms: Final = ReadOnce(read_schemes)


class _Money(msgspec.Struct):
    """What a packed rule pack says of its amounts."""

    currency: str = ""
    scale: int = HOUSE_SCALE


@dataclass(frozen=True, slots=True)
class PackRow:
    """One version as listed."""

    version: Version
    state: State


@dataclass(frozen=True, slots=True)
class PackEntry:
    """One line of a version's history."""

    at: int
    kind: str
    actor: str
    text: str
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class PackDetail:
    """One version with what was told when it was added, and its history, newest first."""

    row: PackRow
    cases: int
    doubts: tuple[Doubt, ...]
    files: tuple[str, ...]
    events: tuple[PackEntry, ...]


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """What a draft in shadow would have done, in the words of `rules.tools.replay.changes`.

    `failed` orders are those it could not decide; `rules` add up at most the newest 5,000 changes,
    and the `biggest` changes are of those too.
    """

    version: int
    currency: str
    scale: int
    orders: int
    changed: int
    failed: int
    payable_before: int
    payable_after: int
    rules: tuple[RuleChange, ...]
    biggest: tuple[OrderChange, ...]
    held: int
    worth_before: Minor
    worth_after: Minor
    units_before: Quantity
    units_after: Quantity
    held_payable: Minor
    released: int
    released_payable: Minor


def list_packs(connection: Connection, now_ms: int) -> tuple[PackRow, ...]:
    """Read every version with its state, newest first."""
    versions = read_versions(connection)
    return tuple(PackRow(one, state_of(one, versions, now_ms)) for one in reversed(versions))


def read_pack_version(connection: Connection, number: int, now_ms: int) -> PackDetail | None:
    """Read one version by its number; None if there is none."""
    row = next(
        (one for one in list_packs(connection, now_ms) if one.version.version == number), None
    )
    if row is None:
        return None
    pack = rule_pack.c
    query = select(pack.cases, pack.doubts).where(pack.id == row.version.id)
    told = connection.execute(query).one()
    return PackDetail(
        row=row,
        cases=told.cases,
        doubts=tuple(Doubt(*one) for one in _doubts.decode(bytes(told.doubts) or b"[]")),
        files=tuple(sorted(read_files(connection, row.version))),
        events=_events(connection, row.version.id),
    )


def read_files(connection: Connection, version: Version) -> Mapping[str, bytes]:
    """Read a version's files; a roll-back shows those of the version it went back to."""
    query = select(pack_file.c.path, pack_file.c.body).where(pack_file.c.pack_id == version.id)
    files = {row.path: bytes(row.body) for row in connection.execute(query)}
    if files or version.copy_of is None:
        return files
    copied = next(one for one in read_versions(connection) if one.id == version.copy_of)
    return read_files(connection, copied)


def read_rule_texts(connection: Connection, digest: str | None) -> Mapping[str, Mapping[str, str]]:
    """Read what the pack of a hash calls its rules, by id and language; each pack once.

    None are known of a decision that was made without a pack.
    """
    if digest is None:
        return {}
    return _texts.of(digest, partial(read_body, connection, digest))


def read_scheme_names(connection: Connection, now_ms: int) -> Mapping[str, Mapping[str, str]]:
    """Read what the pack that serves at a moment calls its schemes, by id and language."""
    serving = connection.execute(serving_pack(now_ms)).first()
    if serving is None:
        return {}
    texts = read_rule_texts(connection, serving.hash)
    return {id_: texts[id_] for id_ in read_scheme_terms(connection, serving.hash) if id_ in texts}


def read_scheme_terms(connection: Connection, digest: str) -> Mapping[str, SchemeTerms]:
    """Read what each scheme of the pack of a hash is about, and what all share of it; each once."""
    return _terms.of(digest, partial(read_body, connection, digest))


def read_shadow(connection: Connection, version: Version) -> ShadowReport | None:
    """Sum up what a version in shadow would have done; None before the first order."""
    done = shadow_decision.c
    sums = connection.execute(
        select(
            func.count().label("orders"),
            func.coalesce(func.sum(cast(done.changed, Integer)), 0).label("changed"),
            func.count(done.result_hash).label("decided"),
            func.coalesce(func.sum(done.payable_before), 0).label("before"),
            func.coalesce(func.sum(done.payable), 0).label("after"),
        ).where(done.pack_id == version.id)
    ).one()
    if not sums.orders:
        return None
    changes = _changes(connection, version.id)
    money = msgspec.json.decode(read_body(connection, version.hash) or b"{}", type=_Money)
    currency, scale = money.currency, money.scale
    rules = _by_rule(changes)
    held = [one for one in changes if one.outcome_before == "accept" != one.outcome_after]
    released = [one for one in changes if one.outcome_before != "accept" == one.outcome_after]
    return ShadowReport(
        version=version.version,
        currency=currency,
        scale=scale,
        orders=sums.orders,
        changed=int(sums.changed),
        failed=sums.orders - sums.decided,
        payable_before=int(sums.before),
        payable_after=int(sums.after),
        rules=rules,
        biggest=tuple(sorted(changes, key=lambda one: -one.size)[:BIGGEST]),
        held=len(held),
        worth_before=Minor(sum(one.worth_before for one in changes)),
        worth_after=Minor(sum(one.worth_after for one in changes)),
        units_before=Quantity(sum(one.free_before for one in rules)),
        units_after=Quantity(sum(one.free_after for one in rules)),
        held_payable=Minor(sum(one.payable_before for one in held)),
        released=len(released),
        released_payable=Minor(sum(one.payable_after for one in released)),
    )


def _changes(connection: Connection, pack: int) -> list[OrderChange]:
    """Read the newest orders that the draft would have decided otherwise."""
    done = shadow_decision.c
    query = (
        select(done.difference)
        .where(done.pack_id == pack, done.changed, done.result_hash.is_not(None))
        .order_by(done.order_id.desc())
        .limit(_ADDED_UP)
    )
    return [_change.decode(bytes(row.difference)) for row in connection.execute(query)]


def _by_rule(changes: Sequence[OrderChange]) -> tuple[RuleChange, ...]:
    """Add up what each rule gives otherwise, the largest difference first."""
    sums: dict[str, RuleChange] = {}
    for one in (rule for change in changes for rule in change.rules):
        old = sums.get(one.rule, RuleChange(one.rule, *_NOTHING))
        sums[one.rule] = RuleChange(
            one.rule,
            Minor(old.before + one.before),
            Minor(old.after + one.after),
            Quantity(old.free_before + one.free_before),
            Quantity(old.free_after + one.free_after),
            Minor(old.worth_before + one.worth_before),
            Minor(old.worth_after + one.worth_after),
            one.text,
        )
    return tuple(sorted(sums.values(), key=lambda one: -one.size))


def _events(connection: Connection, pack: int) -> tuple[PackEntry, ...]:
    query = select(pack_event).where(pack_event.c.pack_id == pack).order_by(pack_event.c.id.desc())
    return tuple(
        PackEntry(e.at, e.kind, e.actor, e.text, _told.decode(bytes(e.told)) if e.told else ())
        for e in connection.execute(query)
    )
