"""What held orders ask their approvers for: counted, listed, and one as a whole."""

from hub.desk.approvals.reads.held import (
    MINE,
    HeldRow,
    Waiting,
    among_keys,
    list_decided,
    read_held,
    read_waiting,
)
from hub.desk.approvals.reads.inbox import Inbox, open_inbox
from hub.desk.approvals.reads.offering import offer_of

__all__ = [
    "MINE",
    "HeldRow",
    "Inbox",
    "Waiting",
    "among_keys",
    "list_decided",
    "offer_of",
    "open_inbox",
    "read_held",
    "read_waiting",
]
