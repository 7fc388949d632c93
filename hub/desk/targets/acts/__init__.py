"""What is done about targets: set, changed and withdrawn."""

from dataclasses import dataclass

from hub.desk.targets.acts.set_target import SetTarget


@dataclass(frozen=True, slots=True)
class TargetActs:
    """The acts of targets."""

    set: SetTarget
