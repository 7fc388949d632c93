"""Which report the words of a question mean, and how its rows are grouped and sorted."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from hub.desk.assistant.model.amounts import ReadAmounts
from hub.desk.assistant.model.lexicon import Said
from hub.desk.assistant.model.spelling import fold
from hub.desk.reports.model.forms import REPORTS
from hub.desk.reports.model.requests import Period

_LEAST: Final = 3
_SCHEME_NAMED: Final = 5
_ORDERS: Final = frozenset({"orders", "order_summary", "customer_orders"})
_SALES: Final = frozenset({"sales", "customer_sales", "product_contribution"})
_BEST_CUSTOMERS: Final = ("reports", "customer_sales")
_AVERAGE: Final = ("cues", "average")
_GOODS: Final = ("brand", "category", "product")
_TIMES: Final = ("day", "week", "month", "quarter")
_SHAPING: Final = frozenset({"groups", "kinds", "types", "files"})
_SHAPING_CUES: Final = frozenset(
    ("cues", name) for name in ("wise", "which", "most", "least", "mine", "soonest")
)
_PLAIN: Final = frozenset(
    fold(word)
    for word in (
        *("of", "for", "in", "by", "at", "the", "and", "what", "is", "are", "show", "me", "report"),
        *("ka", "ke", "ki", "ko", "mein", "hai", "hain", "dikhao", "batao", "kya", "का", "के"),
        *("की", "में", "है", "हैं", "दिखाओ", "बताओ", "क्या"),
    )
)
"""Words that stand beside the name of a report and change nothing."""


@dataclass(frozen=True, slots=True)
class Heard:
    """All that was found in a question: phrases, the days, the numbers, the kinds of its names.

    `two` are periods apart from each other, the later one first; `leads` are the words that stand
    before the days: `growth over last year`.
    """

    said: tuple[Said, ...]
    folds: tuple[str, ...]
    period: Period | None
    amounts: ReadAmounts
    kinds: frozenset[str]
    two: tuple[Period, Period] | None = None
    leads: frozenset[str] = frozenset()

    def cue(self, name: str) -> bool:
        """Say whether one of the cues of the file stands in the question."""
        return any(one.tag == ("cues", name) for one in self.said)

    def status_of(self, report: str) -> str | None:
        """Give the status that a report knows and the question names; the longest phrase first."""
        known = REPORTS[report].statuses
        found = [one for one in self.said if one.tag[0] == "status" and one.tag[1] in known]
        if not found:
            return None
        return max(found, key=lambda one: (len(one.places), -min(one.places))).tag[1]

    def kind_beside(self, places: frozenset[int]) -> str | None:
        """Give the kind that a word beside a name says: `the Linking Road beat`."""
        for one in self.said:
            near = {min(places) - 1, max(places) + 1}
            if one.tag[0] == "kinds" and one.places & near:
                return one.tag[1]
        return None

    def groups(self) -> list[tuple[str, bool, frozenset[int]]]:
        """Give what rows may be put together by, and whether the question says so."""
        ways = {at for one in self.said if one.tag == ("cues", "wise") for at in one.places}
        which = {at for one in self.said if one.tag == ("cues", "which") for at in one.places}
        found = []
        grouping = [one for one in self.said if one.tag[0] == "groups"]
        for one in grouping:
            if any(one.places < other.places for other in grouping):
                continue  # `customer` within `customer type`
            first, last = min(one.places), max(one.places)
            wise = bool({first - 1, last + 1} & ways) and not (
                last + 1 < len(self.folds)
                and self.folds[last + 1] in {"bi", "after"}
                and last + 2 < len(self.folds)
                and self.folds[last + 2] != self.folds[last]
            )
            adverb = self.folds[first] in {"daili", "vekli", "monthli", "rojana", "quarterli"}
            asked = bool({first - 1, first - 2} & which)
            found.append(
                (one.tag[1], wise or adverb or (asked and one.tag[1] in _TIMES), one.places)
            )
        return found


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows are grouped, sorted, and how many are wanted."""

    group_by: str | None = None
    sort: str | None = None
    limit: int | None = None


def choose_report(heard: Heard) -> str | None:
    """Give the report that a question means, None where it does not say.

    It is the one that the words weigh most for, unless the question is the name of a report or of
    a measure and nothing besides: `credit left by area`. An average of averages is no figure of
    any report.
    """
    if len({one.places for one in heard.said if one.tag == _AVERAGE}) > 1:
        return None
    weighed, titles = _choose_by_weight(heard), _titles_of(heard)
    if not titles or weighed in {one.tag[1] for one in titles}:
        return weighed
    first = titles[0]
    if weighed is None:
        return first.tag[1] if len(first.places) > 1 or _is_all(heard, first) else None
    return first.tag[1] if len(first.places) > 1 and _is_all(heard, first) else weighed


def _titles_of(heard: Heard) -> list[Said]:
    """Give the longest name of a report or a measure, once for each report that has it."""
    titles = [one for one in heard.said if one.tag[0] == "titles"]
    most = max((len(one.places) for one in titles), default=0)
    return [one for one in titles if len(one.places) == most]


def _is_all(heard: Heard, title: Said) -> bool:
    """Say that a name is all that a question says, but for names, days and how rows are shown."""
    shaping = [one for one in heard.said if one.tag[0] in _SHAPING or one.tag in _SHAPING_CUES]
    said = title.places.union(*(one.places for one in shaping))
    return all(at in said or not word or word in _PLAIN for at, word in enumerate(heard.folds))


def _choose_by_weight(heard: Heard) -> str | None:
    """Give the report that the words weigh most for, None where they do not say."""
    weights: Counter[str] = Counter()
    for one in _longest(heard.said):
        weights[one.tag[1]] += one.weight
    if "scheme" in heard.kinds:
        weights["scheme_performance"] += _SCHEME_NAMED
    if not weights:
        return None
    best, weight = max(weights.items(), key=lambda pair: pair[1])
    if weight < _LEAST:
        return None
    ranked = sorted(weights.values(), reverse=True)
    if len(ranked) > 1 and ranked[0] == ranked[1] and not {best} & (_ORDERS | _SALES):
        return None
    return _within_family(heard, best)


def is_kindred(one: str, other: str) -> bool:
    """Say that two reports are the same, or two ways to look at the same orders or sales."""
    return one == other or any({one, other} <= family for family in (_ORDERS, _SALES))


def _within_family(heard: Heard, best: str) -> str:
    """Name the report that is meant, among those of orders, sales or stock that share words."""
    if best in _ORDERS:
        return _among_orders(heard, best)
    if best in _SALES:
        return _among_sales(heard, best)
    if best == "stock_summary" and heard.status_of("low_stock"):
        return "low_stock"
    return best


def _longest(said: tuple[Said, ...]) -> list[Said]:
    """Keep of phrases for one report the longest at each place, and each report's word once."""
    reports = [one for one in said if one.tag[0] == "reports"]
    kept: list[Said] = []
    for one in sorted(reports, key=lambda one: (-one.weight, -len(one.places))):
        if not any(one.tag == other.tag and one.places & other.places for other in kept):
            kept.append(one)
    return kept


def _among_orders(heard: Heard, best: str) -> str:
    per_customer = any(name == "customer" and wise for name, wise, _ in heard.groups())
    if "customer" in heard.kinds or per_customer or best == "customer_orders":
        return "customer_orders"
    grouped = any(wise for _, wise, _ in heard.groups())
    if heard.cue("count") or heard.cue("average") or grouped or best == "order_summary":
        return "order_summary"
    return "orders"


def _among_sales(heard: Heard, best: str) -> str:
    names = [name for name, _, _ in heard.groups()]
    wise = [name for name, sure, _ in heard.groups() if sure]
    ranked = heard.cue("most") or heard.cue("least")
    if best == "product_contribution":
        return best
    if "customer" in heard.kinds or "customer" in wise or best == "customer_sales":
        return "customer_sales"
    if ranked and any(name in _GOODS for name in names):
        return "product_contribution"
    if ranked and not names and any(one.tag == _BEST_CUSTOMERS for one in heard.said):
        return "customer_sales"  # "top five retailers by sales"
    if ranked and "customer" in names:
        return "customer_sales"
    return "sales"


def choose_shape(report: str, heard: Heard) -> Shape:
    """Give grouping, sort and limit; what the report does not take is left out."""
    form = REPORTS[report]
    found = heard.groups()
    ranked = heard.cue("most") or heard.cue("least")
    group = next((name for name, sure, _ in found if sure and name in form.groups), None)
    if group is None and (ranked or heard.cue("which")):
        names = [name for name, _, _ in found if name in form.groups and name != form.row]
        group = next((name for name in names if name not in _TIMES), None) if ranked else None
    if report == "customer_sales" and ranked and group is None:
        group = "customer"
    if report == "product_contribution" and group is None:
        group = next((name for name, _, _ in found if name in ("brand", "category")), None)
    if report == "product_contribution" and group == "product":
        group = None
    sort = _sort_of(form.sorts, heard)
    limit = heard.amounts.rows
    if limit is None and heard.cue("single"):
        limit = 1
    return Shape(group, sort, limit)


def _sort_of(sorts: frozenset[str], heard: Heard) -> str | None:
    if "expiry_asc" in sorts and heard.cue("soonest"):
        return "expiry_asc"
    way = (
        "asc"
        if heard.cue("least")
        else "desc"
        if heard.cue("most") or heard.cue("single")
        else None
    )
    if way is None:
        return None
    what = "amount" if f"amount_{way}" in sorts else "days"
    return f"{what}_{way}" if f"{what}_{way}" in sorts else None
