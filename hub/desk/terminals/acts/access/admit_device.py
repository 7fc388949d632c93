"""Let a device in that asks with a claim: it becomes the claim's terminal, once."""

import hmac
import re
from dataclasses import dataclass, field
from typing import Final

import msgspec

from broker.contract.enrolment import Asked, Told, is_hashed, read_sealed, seal
from hub.base.clock import Clock
from hub.base.limits.buckets import TokenBuckets
from hub.base.transaction import Transaction, Transactions
from hub.desk.terminals.model import EnrolmentError, Secrets, TerminalClaim
from hub.desk.terminals.reads.snapshots import read_secret
from hub.desk.terminals.store.claims import ask_by_claim, find_claim
from hub.desk.terminals.store.enrolment import give_access

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST_DEVICE: Final = 64
_LONGEST_ADDRESS: Final = 64
_NO_KEY: Final = bytes(32)


def _buckets() -> TokenBuckets:
    """Let one address ask 30 times at once, and then every 2 s: a device that waits asks each 3 s.

    That is no guard of the code, of which nobody tries all 2^80, but of the hub's time.
    """
    return TokenBuckets(burst=30, refill_ms=2_000)


@dataclass(slots=True)
class AdmitDevice:
    """The act, with what it needs."""

    transactions: Transactions
    secrets: Secrets
    clock: Clock
    rate: TokenBuckets = field(default_factory=_buckets)

    def __call__(self, payload: bytes, *, address: str) -> bytes:
        """Answer what a device at `address` asks, sealed; raises EnrolmentError.

        A device that did not hear the answer asks again by the same bytes and gets the same one.
        """
        now_ms = self.clock.now_ms()
        if self.rate.take(address, now_ms):
            raise EnrolmentError("claim_too_often")
        named = _read(payload)
        with self.transactions.open(actor=named.device or "device", at_ms=now_ms) as t:
            claim = find_claim(t, named.claim)
            asked = _prove(payload, claim)
            if claim is None or asked is None:
                raise EnrolmentError("claim_unknown")
            is_new = claim.state == "open"
            state = self._settle(t, claim, asked, address=address[:_LONGEST_ADDRESS])
            if is_new:
                t.changed("terminals")
            if state == "enrolled":
                # Before the commit: of two devices, the later one has the last word here as there.
                self.secrets.admit(claim.terminal, asked.password_line)
            t.commit()
        if state == "waiting":
            told = Told(state="waiting", terminal=claim.terminal)
        else:
            told = self._tell(claim.terminal)
        return seal(told, bytes.fromhex(claim.key), of=payload)

    def _settle(self, t: Transaction, claim: TerminalClaim, asked: Asked, *, address: str) -> str:
        """Give what becomes of the device: it waits, or is enrolled; raises EnrolmentError."""
        if asked.terminal not in {"", claim.terminal}:
            raise EnrolmentError("claim_of_other", claim.terminal)
        look = claim.look(t.at_ms)
        if look == "open":
            if not ask_by_claim(t, claim, asked, address=address):
                raise EnrolmentError("claim_used", claim.terminal)
            if claim.asks:
                return "waiting"
            give_access(t, claim.terminal, asked.password_sha256, why="claim")
            return "enrolled"
        same = hmac.compare_digest(claim.password_sha256 or "", asked.password_sha256)
        if look == "waiting" and same:
            return "waiting"
        # Asked again after the answer was lost: good while no other device has come since.
        if look == "used" and same:
            stored = read_secret(t.connection, claim.terminal)
            if stored is not None and hmac.compare_digest(stored, asked.password_sha256):
                return "enrolled"
        code = "claim_used" if look == "waiting" else f"claim_{look}"
        raise EnrolmentError(code, claim.terminal)

    def _tell(self, terminal: str) -> Told:
        meeting = self.secrets.meeting()
        return Told(
            state="enrolled",
            terminal=terminal,
            broker_host=meeting.host,
            broker_port=meeting.port,
            broker_ca=meeting.ca,
            pack_keys=meeting.pack_keys,
            software_keys=meeting.software_keys,
        )


def _read(payload: bytes) -> Asked:
    """Read what a device asks, which is not proven yet; raises EnrolmentError."""
    try:
        asked = msgspec.json.decode(payload, type=Asked)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EnrolmentError("claim_unreadable") from error
    good = (
        _DIGEST.fullmatch(asked.password_sha256)
        and is_hashed(asked.password_line)
        and len(asked.device) <= _LONGEST_DEVICE
        and (asked.device.isprintable() or not asked.device)
    )
    if not good:
        raise EnrolmentError("claim_unreadable")
    return asked


def _prove(payload: bytes, claim: TerminalClaim | None) -> Asked | None:
    """Check in constant time that who asks has the slip, also where there is no such claim."""
    try:
        return read_sealed(payload, Asked, bytes.fromhex(claim.key) if claim else _NO_KEY)
    except ValueError:
        return None
