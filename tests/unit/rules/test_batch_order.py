"""The order of batches: told without sorting where it can be, and then as by sorting."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules import Batch, Quantity
from rules.engine.settlement.tables import AllocationRule
from rules.stages.stock.batches import Terms, first_of, in_turn
from tests.unit.rules.making import TODAY

DAYS = st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))
BATCHES = st.lists(
    st.builds(
        Batch,
        id=st.sampled_from(["P", "Q", "R", "S"]),
        sku=st.just("A"),
        warehouse=st.sampled_from(["MAIN", "MAIN", "NORTH"]),
        available=st.integers(0, 3).map(Quantity),
        received=DAYS,
        manufactured=st.none() | DAYS,
        expiry=st.none() | DAYS | st.just(date.max),
    ),
    max_size=4,
    unique_by=lambda one: (one.warehouse, one.id),
).map(tuple)
RULES = st.builds(
    AllocationRule,
    id=st.just("AL"),
    pick=st.sampled_from(["fefo", "fifo", "lifo"]),
    min_life_days=st.integers(0, 2),
    split=st.booleans(),
    short=st.just("cut"),
    biggest_first=st.booleans(),
)
TAKEN = st.none() | st.dictionaries(
    st.tuples(st.sampled_from(["MAIN", "NORTH"]), st.sampled_from(["P", "Q", "R"])),
    st.integers(0, 3),
)


@given(batches=BATCHES, rule=RULES, taken=TAKEN)
def test_the_first_batch_is_the_one_that_sorting_puts_first(
    batches: tuple[Batch, ...], rule: AllocationRule, taken: dict[tuple[str, str], int] | None
) -> None:
    terms = Terms(rule, TODAY, ["NORTH"])

    first = first_of(batches, taken, terms)

    if first is not None:
        assert first == in_turn(batches, taken, terms)[0]


@given(batches=BATCHES, rule=RULES)
def test_where_sorting_finds_nothing_there_is_no_first(
    batches: tuple[Batch, ...], rule: AllocationRule
) -> None:
    terms = Terms(rule, TODAY, [])

    if not in_turn(batches, None, terms):
        assert first_of(batches, None, terms) is None


@given(batches=BATCHES, rule=RULES, taken=TAKEN)
def test_no_batch_is_offered_that_has_expired_or_is_used_up(
    batches: tuple[Batch, ...], rule: AllocationRule, taken: dict[tuple[str, str], int] | None
) -> None:
    for left, batch in in_turn(batches, taken, Terms(rule, TODAY, [])):
        assert left > 0
        assert batch.expiry is None or batch.expiry >= TODAY + timedelta(days=rule.min_life_days)


def test_one_warehouse_and_the_oldest_first_needs_no_sorting() -> None:
    batches = (
        Batch("Q", "A", "MAIN", Quantity(1), TODAY, expiry=date(2027, 1, 1)),
        Batch("P", "A", "MAIN", Quantity(1), TODAY, expiry=date(2027, 1, 1)),
        Batch("R", "A", "MAIN", Quantity(0), TODAY, expiry=date(2026, 5, 1)),
    )
    for pick in ("fefo", "fifo"):
        rule = AllocationRule("AL", pick, 0, split=True, short="cut")

        assert first_of(batches, None, Terms(rule, TODAY, [])) == (1, batches[1])
