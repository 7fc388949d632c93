"""Which version each one follows: the one before it is named, by its hash, inside the pack."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from hub.desk.rulepacks.model.versions import Version, scheduled, serving


class _Place(msgspec.Struct):
    """Of a packed pack, the hash of the one it follows."""

    previous: str | None = None


def previous_in(body: bytes) -> str | None:
    """Read the hash of the pack that packed bytes follow; None where they name or are none."""
    try:
        return msgspec.json.decode(body, type=_Place).previous
    except msgspec.DecodeError:
        return None


def to_follow(versions: Sequence[Version], now_ms: int) -> Version | None:
    """Give the version that a new one will follow: what is scheduled, else what serves."""
    return scheduled(versions, now_ms) or serving(versions, now_ms)


def in_turn(versions: Iterable[Version]) -> Sequence[Version]:
    """Give the versions that were published, in the order of their starts."""
    started = [(one.starts_at, one.id, one) for one in versions if one.starts_at is not None]
    return [one for _, _, one in sorted(started)]


def may_follow(turn: Sequence[Version], place: int) -> Iterator[Version]:
    """Give the versions that the one at a place may say it follows.

    That is the one before it; where that one could not be loaded, nobody knows any more whether it
    was found out before or after, so the one before that may be meant as well.
    """
    for one in reversed(turn[:place]):
        yield one
        if not one.fault:
            return
