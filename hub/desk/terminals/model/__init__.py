"""Terminals as the hub knows them, how devices become them, and messages on their way."""

from hub.desk.terminals.model.enrolment import (
    CLAIM_STATES,
    ClaimState,
    EnrolmentError,
    Meeting,
    Secrets,
    TerminalClaim,
)
from hub.desk.terminals.model.terminals import (
    KEPT,
    KEPT_BYTES,
    MOST_JUMP,
    TOLD_JUMP,
    Distributor,
    Outgoing,
    Presence,
    PriceAlarm,
    RefusedMessage,
    ServedTerminal,
    SetupError,
    TerminalError,
    TerminalLine,
    TerminalRecord,
)

__all__ = [
    "CLAIM_STATES",
    "KEPT",
    "KEPT_BYTES",
    "MOST_JUMP",
    "TOLD_JUMP",
    "ClaimState",
    "Distributor",
    "EnrolmentError",
    "Meeting",
    "Outgoing",
    "Presence",
    "PriceAlarm",
    "RefusedMessage",
    "Secrets",
    "ServedTerminal",
    "SetupError",
    "TerminalClaim",
    "TerminalError",
    "TerminalLine",
    "TerminalRecord",
]
