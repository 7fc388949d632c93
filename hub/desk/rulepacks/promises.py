"""Checks of the rule packs: each is what its name says, and two persons stand behind it."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

from hub.base.access import EVERYTHING
from hub.base.engine.promises import Finding, Promise
from hub.desk.people.model.hands import Hands
from hub.desk.people.reads.alone import was_alone
from hub.desk.people.store.hands import read_hands
from hub.desk.products.reads import read_body
from hub.desk.rulepacks.model.lineage import in_turn, may_follow, previous_in
from hub.desk.rulepacks.model.steps import SECOND_HANDS
from hub.desk.rulepacks.model.versions import Version
from hub.desk.rulepacks.tables import read_versions
from rules.language import following, renumbered

_STORED: Final = Promise(
    "pack_stored", "Each rule pack that served is stored and hashes to its name"
)
_CHAIN: Final = Promise("pack_chain", "Each version names, by its hash, the one it followed")
_TWO: Final = Promise(
    "pack_two_persons", "Nobody alone published a pack, but at set-up or where nobody else could"
)


def check_packs(connection: Connection, _now_ms: int) -> Iterator[Finding]:
    """Check what packs decide orders, and who let them."""
    versions = read_versions(connection)
    used = sorted({one.hash for one in versions if one.starts_at is not None})
    yield Finding(_STORED, len(used), [f for digest in used if (f := _stored(connection, digest))])
    turn = in_turn(versions)
    faults = [f for place in range(len(turn)) if (f := _astray(connection, turn, place))]
    yield Finding(_CHAIN, len(turn), faults)
    hands = read_hands(connection)
    alone = [f for one in versions if (f := _alone(connection, one, versions, hands=hands))]
    yield Finding(_TWO, len(versions), alone)


def note_set_up(connection: Connection) -> Sequence[str]:
    """Tell which versions one person published, because there was no other."""
    return [
        f"rule pack version {one.version} was {'set up' if one.origin == 'set_up' else 'published'}"
        f" by {one.published_by}, without a second person"
        for one in read_versions(connection)
        if one.origin == "set_up" or one.alone
    ]


def _stored(connection: Connection, digest: str) -> str | None:
    body = read_body(connection, digest)
    if body is None:
        return f"rule pack {digest} is gone"
    if hashlib.sha256(body).hexdigest() != digest:
        return f"rule pack {digest} has other bytes"
    return None


def _astray(connection: Connection, turn: Sequence[Version], place: int) -> str | None:
    """Say where a version follows another than the one before it; one that never served may."""
    one = turn[place]
    named = previous_in(read_body(connection, one.hash) or b"")
    if one.fault:
        return None
    if named in {before.hash for before in may_follow(turn, place)} or (not place and not named):
        return None
    return f"version {one.version} follows {named[:12] if named else 'none'}, not the one before it"


def _alone(
    connection: Connection, one: Version, versions: Sequence[Version], *, hands: Hands
) -> str | None:
    """Say how one person alone could have published a version."""
    if one.published_at is None:
        return None
    if one.origin == "added":
        return _by_one(connection, one, hands.until(one.published_at))
    if one.origin == "set_up":
        late = any(other.id < one.id and other.origin != "set_up" for other in versions)
        return f"version {one.version} was set up after others" if late else None
    copied = next((other for other in versions if other.id == one.copy_of), None)
    old = read_body(connection, copied.hash) if copied and copied.published_at else None
    new = read_body(connection, one.hash)
    if old is None or new is None or not _is_copy(new, old, one.version):
        return f"version {one.version} is not the version it says it goes back to"
    return None


def _by_one(connection: Connection, one: Version, hands: Hands) -> str | None:
    """Say how one person added and published a version, although that person was not alone."""
    if not hands.is_one(one.added_by, one.published_by):
        return None
    alone = one.alone and was_alone(
        connection,
        one.published_by,
        may=SECOND_HANDS,
        at_ms=one.published_at or 0,
        scope=EVERYTHING,
    )
    return None if alone else f"version {one.version} was added and published by {one.added_by}"


def _is_copy(new: bytes, old: bytes, version: int) -> bool:
    """Tell whether a pack has the rules of another, whatever each follows."""
    try:
        return following(new, None) == following(renumbered(old, version), None)
    except ValueError:
        return False
