"""Every table of the hub, under one metadata."""

from hub.db.tables.orders import (
    counter_change,
    decision,
    order_,
    order_event,
    order_line,
    price_alarm,
    scheme_counter,
)
from hub.db.tables.packs import pack_event, pack_file, rule_pack, shadow_decision
from hub.db.tables.records import (
    Customer,
    Product,
    ProductGtin,
    Setting,
    Terminal,
    UserAccount,
    UserSession,
    Warehouse,
)
from hub.db.tables.stock import allocation, batch, customer_account, stock_movement
from hub.db.tables.wire import (
    inbox,
    lease,
    outbox,
    refused_count,
    refused_message,
    snapshot,
    terminal_log,
    terminal_presence,
)

__all__ = [
    "Customer",
    "Product",
    "ProductGtin",
    "Setting",
    "Terminal",
    "UserAccount",
    "UserSession",
    "Warehouse",
    "allocation",
    "batch",
    "counter_change",
    "customer_account",
    "decision",
    "inbox",
    "lease",
    "order_",
    "order_event",
    "order_line",
    "outbox",
    "pack_event",
    "pack_file",
    "price_alarm",
    "refused_count",
    "refused_message",
    "rule_pack",
    "scheme_counter",
    "shadow_decision",
    "snapshot",
    "stock_movement",
    "terminal_log",
    "terminal_presence",
]
