"""Claims read: what is not asked for yet, the list, and one claim with its lines and shorts."""

from hub.desk.claims.reads.listing import (
    NEWEST,
    ClaimRow,
    find_claim,
    list_claims,
    tally_claims,
)
from hub.desk.claims.reads.open import (
    MOST,
    OpenRow,
    count_open,
    list_open,
    read_open,
    read_value,
)
from hub.desk.claims.reads.record import ClaimDetail, ClaimedLine, SchemeSum, Short, read_claim

__all__ = [
    "MOST",
    "NEWEST",
    "ClaimDetail",
    "ClaimRow",
    "ClaimedLine",
    "OpenRow",
    "SchemeSum",
    "Short",
    "count_open",
    "find_claim",
    "list_claims",
    "list_open",
    "read_claim",
    "read_open",
    "read_value",
    "tally_claims",
]
