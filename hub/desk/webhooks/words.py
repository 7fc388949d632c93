"""Words of webhooks: how deliveries look, and the codes of why one is not kept."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look
from rules import ReasonCode, register

STATES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "waiting": Look("webhook_state.waiting", "ow-wait", "clock"),
        "sent": Look("webhook_state.sent", "ow-good", "check"),
        "failed": Look("webhook_state.failed", "ow-bad", "alert-triangle"),
        "dropped": Look("webhook_state.dropped", "ow-wait", "ban"),
    }
)
RUNNING: Final[Mapping[bool, Look]] = MappingProxyType(
    {
        True: Look("webhooks.on", "ow-good", "check"),
        False: Look("webhooks.off", "ow-wait", "player-pause"),
    }
)

register(
    ReasonCode("webhook_address", severity="rejects"),
    ReasonCode("webhook_kinds", severity="rejects"),
    ReasonCode("webhook_name", severity="rejects"),
    ReasonCode("webhook_unknown", severity="rejects"),
)
