"""What the terminal tells of itself when the hub asks: how it stands, its settings, its log."""

from terminal.app.diagnosis.desk import Diagnoses, standing_of
from terminal.app.diagnosis.log import KeptLog, log_lines

__all__ = ["Diagnoses", "KeptLog", "log_lines", "standing_of"]
