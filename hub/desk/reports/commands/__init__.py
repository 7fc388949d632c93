"""Reports at the hub's own machine: `report`, and `schedule` for those that are sent by mail."""

from hub.desk.reports.commands.report import write_table

__all__ = ["write_table"]
