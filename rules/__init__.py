"""The decision core: one pure function from order, facts, counters and pack to a result."""

from rules.engine.errors import PackLoadError
from rules.engine.inputs import (
    Batch,
    Counters,
    Credit,
    Customer,
    CustomerStatus,
    Facts,
    Gate,
    LimitState,
    Order,
    OrderLine,
    Payment,
    Product,
)
from rules.engine.packs import load_pack
from rules.engine.result import (
    Allocation,
    ApprovalNeed,
    CounterChange,
    FreeGoods,
    NearMiss,
    Outcome,
    PackPrice,
    PricedLine,
    Reason,
    Result,
    Short,
    StageName,
    TaxPart,
    Totals,
)
from rules.engine.returns import OwedGoods, Return, ReturnedLine, ReturnResult, Sale
from rules.engine.tables import CompiledPack
from rules.stages.credit.gates import GateCheck, check_gate
from rules.stages.evaluation import evaluate
from rules.stages.returns.settling import settle_return
from rules.tools.cases import CaseFailure, run_cases
from rules.values.decimals import scaled, shown
from rules.values.units import Minor, Quantity, Rate, UnitPrice

__all__ = [
    "Allocation",
    "ApprovalNeed",
    "Batch",
    "CaseFailure",
    "CompiledPack",
    "CounterChange",
    "Counters",
    "Credit",
    "Customer",
    "CustomerStatus",
    "Facts",
    "FreeGoods",
    "Gate",
    "GateCheck",
    "LimitState",
    "Minor",
    "NearMiss",
    "Order",
    "OrderLine",
    "Outcome",
    "OwedGoods",
    "PackLoadError",
    "PackPrice",
    "Payment",
    "PricedLine",
    "Product",
    "Quantity",
    "Rate",
    "Reason",
    "Result",
    "Return",
    "ReturnResult",
    "ReturnedLine",
    "Sale",
    "Short",
    "StageName",
    "TaxPart",
    "Totals",
    "UnitPrice",
    "check_gate",
    "evaluate",
    "load_pack",
    "run_cases",
    "scaled",
    "settle_return",
    "shown",
]
