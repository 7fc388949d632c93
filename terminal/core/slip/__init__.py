"""What each slip says, as rows of any width."""

from terminal.core.slip.frame import Heading, maybe_printed, with_copy
from terminal.core.slip.orders import (
    answer_slip,
    notice_slip,
    prints_by_itself,
    queued_slip,
    refused_slip,
    with_drawer,
    with_lines,
)
from terminal.core.slip.reports import (
    ListedOrder,
    account_slip,
    cancel_slip,
    goods_slip,
    help_slip,
    near_slip,
    orders_slip,
    ruler_slip,
    status_slip,
    trial_slip,
)
from terminal.core.slip.sheet import command_sheet

__all__ = [
    "Heading",
    "ListedOrder",
    "account_slip",
    "answer_slip",
    "cancel_slip",
    "command_sheet",
    "goods_slip",
    "help_slip",
    "maybe_printed",
    "near_slip",
    "notice_slip",
    "orders_slip",
    "prints_by_itself",
    "queued_slip",
    "refused_slip",
    "ruler_slip",
    "status_slip",
    "trial_slip",
    "with_copy",
    "with_drawer",
    "with_lines",
]
