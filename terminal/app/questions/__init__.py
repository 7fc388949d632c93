"""What the counter is asked beside its order: lists, prices, the account, help, to cancel."""

from terminal.app.questions.asks import Asks
from terminal.app.questions.desk import Questions
from terminal.app.questions.repeating import repeat_last

__all__ = ["Asks", "Questions", "repeat_last"]
