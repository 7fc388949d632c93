"""Words of the field: how a visit's place looks, and the codes of why an entry is not kept."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look
from rules import ReasonCode, register

VERDICTS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "verified": Look("visit_place.verified", "ow-good", "check"),
        "far": Look("visit_place.far", "ow-bad", "alert-triangle"),
        "mocked": Look("visit_place.mocked", "ow-bad", "alert-triangle"),
        "old": Look("visit_place.old", "ow-wait", "clock"),
        "denied": Look("visit_place.denied", "ow-wait", "ban"),
        "unsure": Look("visit_place.unsure", "ow-wait", "clock"),
        "unknown": Look("visit_place.unknown", "ow-wait", "ban"),
        "unplaced": Look("visit_place.unplaced", "ow-wait", "building-store"),
    }
)

TASKS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "late": Look("task_state.late", "ow-bad", "alert-triangle"),
        "open": Look("task_state.open", "ow-wait", "clock"),
        "done": Look("task_state.done", "ow-good", "check"),
    }
)
"""How a task stands on a day."""

register(
    ReasonCode("beat_changed", {"code": "code"}, "rejects"),
    ReasonCode("beat_code", {"code": "code"}, "rejects"),
    ReasonCode("beat_long", {"most": "count"}, "rejects"),
    ReasonCode("beat_name", {"most": "count"}, "rejects"),
    ReasonCode("beat_there", {"code": "code"}, "rejects"),
    ReasonCode("beat_twice", {"outlet": "code"}, "rejects"),
    ReasonCode("beat_unknown", {"code": "code"}, "rejects"),
    ReasonCode("entry_not_permitted", severity="rejects"),
    ReasonCode("entry_used", {"entry": "code"}, "rejects"),
    ReasonCode("entry_wrong", {"text": "name"}, "rejects"),
    ReasonCode("journey_classes", {"classes": "codes"}, "rejects"),
    ReasonCode("journey_days", severity="rejects"),
    ReasonCode("journey_seller", {"user": "code"}, "rejects"),
    ReasonCode("journey_unknown", {"code": "code"}, "rejects"),
    ReasonCode("journey_user", {"user": "code"}, "rejects"),
    ReasonCode("leave_day", {"day": "day"}, "rejects"),
    ReasonCode("leave_own", severity="rejects"),
    ReasonCode("leave_unknown", {"user": "code", "day": "day"}, "rejects"),
    ReasonCode("leave_why", severity="rejects"),
    ReasonCode("leave_worked", {"day": "day"}, "rejects"),
    ReasonCode("outlet_unknown", {"outlet": "code"}, "rejects"),
    ReasonCode("photo_entry", {"entry": "code"}, "rejects"),
    ReasonCode("seller_unknown", {"seller": "code"}, "rejects"),
    ReasonCode("shelf_product", {"sku": "code"}, "rejects"),
    ReasonCode("survey_answer", {"question": "name"}, "rejects"),
    ReasonCode("survey_code", {"code": "code"}, "rejects"),
    ReasonCode("survey_days", severity="rejects"),
    ReasonCode("survey_over", {"code": "code"}, "rejects"),
    ReasonCode("survey_question", {"line": "count"}, "rejects"),
    ReasonCode("survey_there", {"code": "code"}, "rejects"),
    ReasonCode("survey_title", {"most": "count"}, "rejects"),
    ReasonCode("survey_unknown", {"code": "code"}, "rejects"),
    ReasonCode("task_day", {"day": "day"}, "rejects"),
    ReasonCode("task_owner", {"owner": "code"}, "rejects"),
    ReasonCode("task_unknown", {"task": "code"}, "rejects"),
    ReasonCode("task_why", severity="rejects"),
    ReasonCode("visit_unknown", {"visit": "code"}, "rejects"),
)
