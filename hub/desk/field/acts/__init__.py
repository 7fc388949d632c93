"""What is done in the field and about it: keep what phones send, set beats and who walks them."""

from dataclasses import dataclass

from hub.desk.field.acts.keep_entry import KeepEntry
from hub.desk.field.acts.plan_beats import PlanBeats


@dataclass(frozen=True, slots=True)
class FieldActs:
    """The acts of the field."""

    keep: KeepEntry
    plan: PlanBeats
