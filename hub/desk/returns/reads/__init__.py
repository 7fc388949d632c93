"""Returns read: what of a customer's goods can come back, the list, and one return."""

from hub.desk.returns.reads.listing import (
    NEWEST,
    ReturnDetail,
    ReturnedLine,
    ReturnRow,
    count_returns,
    list_returns,
    read_return,
)
from hub.desk.returns.reads.sold import list_sold

__all__ = [
    "NEWEST",
    "ReturnDetail",
    "ReturnRow",
    "ReturnedLine",
    "count_returns",
    "list_returns",
    "list_sold",
    "read_return",
]
