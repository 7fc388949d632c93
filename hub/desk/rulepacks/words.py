"""Words of rule packs: states, steps, and what changed in their files."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look

PACK_STATES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "draft": Look("Draft", "ow-quiet", "bulb"),
        "shadow": Look("In shadow", "ow-changed", "moon"),
        "scheduled": Look("Scheduled", "ow-wait", "clock"),
        "published": Look("Serving", "ow-good", "check"),
        "retired": Look("Retired", "ow-quiet", "history"),
    }
)

PACK_EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "added": "Added as a draft",
        "shadow_began": "Shadow began",
        "shadow_ended": "Shadow ended",
        "published": "Published",
        "scheduled": "Scheduled",
        "called_off": "Schedule called off",
        "dropped": "Given up",
        "rolled_back": "Published by going back",
    }
)

FILE_CHANGES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "added": Look("new", "ow-good", "check"),
        "removed": Look("removed", "ow-bad", "x"),
        "changed": Look("changed", "ow-changed", "refresh"),
    }
)

OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {"accept": "accepted", "hold": "held", "reject": "rejected"}
)

SEVERITIES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "warning": Look("Warning", "ow-wait", "alert-triangle"),
        "error": Look("Mistake", "ow-bad", "alert-triangle"),
    }
)
