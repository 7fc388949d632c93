"""Setting a scanner up: the codes of its maker, and what its own test code says of it."""

from terminal.core.scanner.arrival import TEST_CODE, Arrived, judge
from terminal.core.scanner.makers import MAKERS, Maker, setup_slip

__all__ = ["MAKERS", "TEST_CODE", "Arrived", "Maker", "judge", "setup_slip"]
