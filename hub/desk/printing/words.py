"""Words of print runs: how they look, and why one is not begun."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look
from rules import ReasonCode, register

STATES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "drawing": Look("print_run_state.drawing", "ow-wait", "clock"),
        "ready": Look("print_run_state.ready", "ow-good", "check"),
        "failed": Look("print_run_state.failed", "ow-bad", "alert-triangle"),
    }
)

register(
    ReasonCode("print_run_many", {"documents": "count", "most": "count"}, "rejects"),
    ReasonCode("print_run_nothing", severity="rejects"),
)
