"""Hub and terminal name the same customer facts by the same hash."""

import pytest

from hub.domain.customer_facts import customer_facts, facts_hash
from hub.domain.ledger import Party
from rules import Credit, Customer, Minor
from terminal.core.pricing import facts_hash as terminal_hash

PARTY = Party(
    terminal="s",
    revoked=False,
    customer_id=1,
    customer=Customer("C1", "retailer", ("IN", "KA"), "hold"),
    name="Störe \u20b9",
    credit=Credit("amount", limit=Minor(500)),
    warehouse_id=1,
    warehouse="MAIN",
)


def test_both_ends_name_equal_facts_equally() -> None:
    facts = customer_facts(PARTY, exposure=7, as_of=9)

    assert facts_hash(facts) == terminal_hash(facts)


@pytest.mark.parametrize(("exposure", "as_of"), [(8, 9), (7, 10)])
def test_exposure_and_its_moment_do_not_change_the_name(exposure: int, as_of: int) -> None:
    before = customer_facts(PARTY, exposure=7, as_of=9)

    assert facts_hash(customer_facts(PARTY, exposure=exposure, as_of=as_of)) == facts_hash(before)
