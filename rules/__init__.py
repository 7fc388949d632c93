"""The decision core: one pure function from order, facts, counters and pack to a result.

What a counter never asks for (returns, gates, approvals, cases) is imported where it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from rules.engine.errors import PackLoadError
from rules.engine.hashing import content_hash
from rules.engine.inputs import (
    UNCOUNTED,
    Batch,
    Count,
    CounterKey,
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
from rules.engine.leasing import shared_for
from rules.engine.naming import names_in, read_texts
from rules.engine.packs import PackLoader, load_pack
from rules.engine.result import (
    Allocation,
    ApprovalNeed,
    CounterChange,
    Escalation,
    FreeGoods,
    LineAmount,
    NearMiss,
    OfferTerms,
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
from rules.engine.schemes.periods import is_scope, scopes_of
from rules.engine.schemes.shared import Shared
from rules.engine.tables import CompiledPack
from rules.language.vocabulary import COUNTER_LANGUAGES, ENGINE, LANGUAGES
from rules.stages.credit.checks import granted_credit
from rules.stages.evaluation import evaluate
from rules.stages.taxes import tax_of
from rules.values.decimals import group_digits, is_indian, scaled, shown, shown_amount
from rules.values.reasons import (
    PHRASES,
    REGISTRY,
    Param,
    Params,
    Phrase,
    ReasonCode,
    ReasonRegisteredError,
    register,
)
from rules.values.rounding import half_up, share_down, to_step
from rules.values.units import Minor, Quantity, Rate, UnitPrice
from rules.words.catalogues import Catalogue, add_catalogue
from rules.words.sentences import NO_NAMES, UnwordedError, Worded, Words, Writer, sentence
from rules.words.writing import DecimalWriter

if TYPE_CHECKING:
    from rules.engine.returns import OwedGoods, Return, ReturnedLine, ReturnResult, Sale
    from rules.stages.credit.approval_state import (
        ApprovalDecision,
        ApprovalRequest,
        ApprovalState,
        approval_state,
    )
    from rules.stages.credit.gates import GateCheck, check_gate
    from rules.stages.credit.offers import offer_faults
    from rules.stages.returns.giving import FreeGift, Gift, Gifts, gifts_of
    from rules.stages.returns.settling import settle_return
    from rules.tools.cases.running import CaseFailure, run_cases

__all__ = [
    "COUNTER_LANGUAGES",
    "ENGINE",
    "LANGUAGES",
    "NO_NAMES",
    "PHRASES",
    "REGISTRY",
    "UNCOUNTED",
    "Allocation",
    "ApprovalDecision",
    "ApprovalNeed",
    "ApprovalRequest",
    "ApprovalState",
    "Batch",
    "CaseFailure",
    "Catalogue",
    "CompiledPack",
    "Count",
    "CounterChange",
    "CounterKey",
    "Counters",
    "Credit",
    "Customer",
    "CustomerStatus",
    "DecimalWriter",
    "Escalation",
    "Facts",
    "FreeGift",
    "FreeGoods",
    "Gate",
    "GateCheck",
    "Gift",
    "Gifts",
    "LimitState",
    "LineAmount",
    "Minor",
    "NearMiss",
    "OfferTerms",
    "Order",
    "OrderLine",
    "Outcome",
    "OwedGoods",
    "PackLoadError",
    "PackLoader",
    "PackPrice",
    "Param",
    "Params",
    "Payment",
    "Phrase",
    "PricedLine",
    "Product",
    "Quantity",
    "Rate",
    "Reason",
    "ReasonCode",
    "ReasonRegisteredError",
    "Result",
    "Return",
    "ReturnResult",
    "ReturnedLine",
    "Sale",
    "Shared",
    "Short",
    "StageName",
    "TaxPart",
    "Totals",
    "UnitPrice",
    "UnwordedError",
    "Worded",
    "Words",
    "Writer",
    "add_catalogue",
    "approval_state",
    "check_gate",
    "content_hash",
    "evaluate",
    "gifts_of",
    "granted_credit",
    "group_digits",
    "half_up",
    "is_indian",
    "is_scope",
    "load_pack",
    "names_in",
    "offer_faults",
    "read_texts",
    "register",
    "run_cases",
    "scaled",
    "scopes_of",
    "sentence",
    "settle_return",
    "share_down",
    "shared_for",
    "shown",
    "shown_amount",
    "tax_of",
    "to_step",
]

_LATER: Final = {
    "OwedGoods": "engine.returns",
    "Return": "engine.returns",
    "ReturnedLine": "engine.returns",
    "ReturnResult": "engine.returns",
    "Sale": "engine.returns",
    "ApprovalDecision": "stages.credit.approval_state",
    "ApprovalRequest": "stages.credit.approval_state",
    "ApprovalState": "stages.credit.approval_state",
    "approval_state": "stages.credit.approval_state",
    "GateCheck": "stages.credit.gates",
    "check_gate": "stages.credit.gates",
    "offer_faults": "stages.credit.offers",
    "FreeGift": "stages.returns.giving",
    "Gift": "stages.returns.giving",
    "Gifts": "stages.returns.giving",
    "gifts_of": "stages.returns.giving",
    "settle_return": "stages.returns.settling",
    "CaseFailure": "tools.cases.running",
    "run_cases": "tools.cases.running",
}


def __getattr__(name: str) -> object:
    """Give a public name whose module nobody needed before."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
