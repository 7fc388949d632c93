"""What orders promise, as the audit checks it: of each revision, and of the books behind it."""

from hub.desk.orders.promises.kept import check_kept_sums
from hub.desk.orders.promises.replay import check_decisions
from hub.desk.orders.promises.statements import CHECK

__all__ = ["CHECK", "check_decisions", "check_kept_sums"]
