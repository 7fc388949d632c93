"""Keep the phones and browsers that are to show a person's notices by themselves."""

from dataclasses import dataclass

from hub.base.access import Session
from hub.base.clock import Clock
from hub.base.jobs.pushing import new_key, public_point, write64
from hub.base.transaction import Transactions
from hub.desk.notices.model import Device
from hub.desk.notices.store.devices import drop_device, find_key, keep_device, keep_key


@dataclass(slots=True)
class KeepDevices:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def public_key(self) -> str:
        """Give the hub's own key as browsers ask for it; made the first time."""
        with self.transactions.reading() as t:
            kept = find_key(t)
        if kept is None:
            with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
                kept = keep_key(t, new_key())
                t.commit()
        return write64(public_point(kept))

    def add(self, device: Device, *, by: Session) -> None:
        """Have a device show the person's notices from now on, and nobody else's any more."""
        with self.transactions.open(actor=by.user, at_ms=self.clock.now_ms()) as t:
            if find_key(t) is None:
                keep_key(t, new_key())
            keep_device(t, device, user=by.user_id, session=by.token_hash)
            t.commit()

    def drop(self, endpoint: str, *, by: Session) -> bool:
        """Have a device show none any more; False where the person has no such device."""
        with self.transactions.open(actor=by.user, at_ms=self.clock.now_ms()) as t:
            dropped = drop_device(t, endpoint, user=by.user_id)
            t.commit()
        return dropped
