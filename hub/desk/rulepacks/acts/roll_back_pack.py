"""Go back to an earlier version's content, as a new version with a higher number."""

from dataclasses import dataclass, replace

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.rulepacks.model.packed import PackedPack, PackEvent, draft
from hub.desk.rulepacks.model.steps import check_rollback, find
from hub.desk.rulepacks.model.versions import Version, next_number, scheduled, serving
from hub.desk.rulepacks.store.seen import seen_packs
from hub.desk.rulepacks.store.versions import add_version, body_of, call_off, lock_versions
from rules import load_pack
from rules.language import renumbered


@dataclass(slots=True)
class RollBackPack:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, number: int, *, by: str, why: str = "") -> Version:
        """Publish an earlier version's content at once, and give the new version.

        One person is enough: two have published this content before, and a wrong price must not
        wait for the second. A version that is scheduled is called off. Raises PackStepError, or
        PackLoadError where the old content needs an engine that this hub does not have.
        """
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor=by, at_ms=now_ms) as t:
            versions = lock_versions(t)
            old = find(versions, number)
            check_rollback(old, versions, now_ms)
            waiting = scheduled(versions, now_ms)
            if waiting is not None:
                told = (("told.called_off_by", {"version": str(number)}),)
                call_off(t, waiting, PackEvent(now_ms, "called_off", by, "", told))
            before = serving(versions, now_ms) or old
            body = renumbered(body_of(t, old.hash), next_number(versions, seen_packs(t)))
            pack = PackedPack(body, load_pack(body)).after(before.hash)
            again = replace(
                draft(pack, by=by, now_ms=now_ms, origin="rolled_back"),
                published_at=now_ms,
                published_by=by,
                starts_at=now_ms,
                copy_of=old.id,
            )
            back = (("told.back_to", {"version": str(number)}),)
            event = PackEvent(now_ms, "rolled_back", by, why, back)
            kept = add_version(t, again, pack, event=event)
            for topic in ("packs", "terminals"):
                t.changed(topic)
            t.commit()
        return kept
