"""What is done about working days: weeks said, days marked, and both taken back."""

from dataclasses import dataclass

from hub.desk.workdays.acts.set_workdays import SetWorkdays


@dataclass(frozen=True, slots=True)
class WorkdayActs:
    """The acts of working days."""

    set: SetWorkdays
