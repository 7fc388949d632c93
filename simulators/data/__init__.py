"""Real products and orders, and the distributors rebuilt from them."""

from simulators.data.baskets import shaped_baskets
from simulators.data.distributor import Batch, Customer, Distributor, Product, number_pack
from simulators.data.fmcg import COUNTER, COUNTER_LIMIT, fmcg, popular
from simulators.data.orders import OrdersFile, Pick, RealLine, RealOrder, gathered, read_orders
from simulators.data.questions import write_questions
from simulators.data.rows import SkippedRow, read_rows
from simulators.data.shipped import ORDERS, PRODUCTS
from simulators.data.wholesaler import terminal_of, wholesaler

__all__ = [
    "COUNTER",
    "COUNTER_LIMIT",
    "ORDERS",
    "PRODUCTS",
    "Batch",
    "Customer",
    "Distributor",
    "OrdersFile",
    "Pick",
    "Product",
    "RealLine",
    "RealOrder",
    "SkippedRow",
    "fmcg",
    "gathered",
    "number_pack",
    "popular",
    "read_orders",
    "read_rows",
    "shaped_baskets",
    "terminal_of",
    "wholesaler",
    "write_questions",
]
