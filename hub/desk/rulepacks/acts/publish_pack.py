"""Publish a draft, at once or from an instant on; not by whoever added it, if there is another."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.people.store.hands import read_hands
from hub.desk.rulepacks.model.packed import EventKind, PackEvent, Told
from hub.desk.rulepacks.model.steps import check_place, check_publishable, find
from hub.desk.rulepacks.model.versions import Version
from hub.desk.rulepacks.store.seen import seen_packs
from hub.desk.rulepacks.store.versions import body_of, lock_versions, put_version
from rules import load_pack


@dataclass(slots=True)
class PublishPack:
    """The act, with what it needs; `is_alone` says that nobody could be a second person."""

    transactions: Transactions
    clock: Clock
    is_alone: Callable[[Connection, str], bool]

    def __call__(
        self,
        number: int,
        *,
        by: str,
        why: str = "",
        effect: tuple[Told, ...] = (),
        starts_at: int | None = None,
    ) -> Version:
        """Publish a draft; it decides from the first group of orders at or after its start on.

        `starts_at` is in Unix milliseconds, None is now; `effect` is what the publisher was told
        of past orders, for the history. An owner who is the only person that could add or publish
        rules publishes their own draft, and says why. Raises PackStepError, or PackLoadError where
        its bytes can no longer be compiled.
        """
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor=by, at_ms=now_ms) as t:
            versions = lock_versions(t)
            # Read under the lock: of two who publish at once, the later one also starts later.
            start = now_ms if starts_at is None else starts_at
            version, seen = find(versions, number), seen_packs(t)
            own = read_hands(t.connection).is_one(version.added_by, by)
            check_publishable(
                *(version, versions),
                by=by,
                own=own,
                now_ms=now_ms,
                starts_at=start,
                seen=seen,
                alone=self.is_alone(t.connection, by),
                why=why,
            )
            pack = load_pack(body_of(t, version.hash))
            check_place(version, pack, versions, now_ms=now_ms, starts_at=start, seen=seen)
            changed = replace(
                version,
                in_shadow=False,
                published_at=now_ms,
                published_by=by,
                starts_at=start,
                alone=own,
            )
            kind: EventKind = "published" if start == now_ms else "scheduled"
            put_version(t, changed, PackEvent(now_ms, kind, by, why, effect))
            for topic in ("packs", "terminals"):
                t.changed(topic)
            t.commit()
        return changed
