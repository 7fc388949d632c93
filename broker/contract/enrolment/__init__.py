"""How a new device becomes a terminal: the claim on its slip, and what it and the hub exchange."""

from broker.contract.enrolment.claims import (
    PREFIX,
    Claim,
    ClaimError,
    is_claim,
    new_code,
    read_claim,
    write_claim,
)
from broker.contract.enrolment.exchange import (
    GIVE_AT,
    PATH,
    USED_AT,
    Asked,
    NewPassword,
    Told,
    UsedPassword,
    claim_key,
    claim_name,
    pair_number,
    read_sealed,
    seal,
)
from broker.contract.enrolment.passwords import hash_password, is_hashed, verify_password

__all__ = [
    "GIVE_AT",
    "PATH",
    "PREFIX",
    "USED_AT",
    "Asked",
    "Claim",
    "ClaimError",
    "NewPassword",
    "Told",
    "UsedPassword",
    "claim_key",
    "claim_name",
    "hash_password",
    "is_claim",
    "is_hashed",
    "new_code",
    "pair_number",
    "read_claim",
    "read_sealed",
    "seal",
    "verify_password",
    "write_claim",
]
