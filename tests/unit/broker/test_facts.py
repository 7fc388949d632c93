"""What a terminal knows of its customer has one name at both ends."""

import msgspec
import pytest

from broker.contract import (
    CreditFacts,
    CustomerFacts,
    Lease,
    SchemeCounter,
    facts_hash,
    leases_hash,
)

FACTS = CustomerFacts(
    id="C1",
    name="Störe \u20b9",
    type="retailer",
    geo=["IN", "KA"],
    status="hold",
    credit=CreditFacts(state="amount", limit=500, exposure=7, as_of=9),
)


def test_the_name_is_the_one_that_terminals_in_the_field_have_stored() -> None:
    name = facts_hash(FACTS)

    assert name == "eebe779dee44d3bf60d6b6d81b1d12063efcc5bddb168c4672355e342b283a6c"


@pytest.mark.parametrize("churn", [{"exposure": 8}, {"as_of": 10}], ids=str)
def test_exposure_and_its_moment_do_not_change_the_name(churn: dict[str, int]) -> None:
    later = msgspec.structs.replace(FACTS, credit=msgspec.structs.replace(FACTS.credit, **churn))

    assert facts_hash(later) == facts_hash(FACTS)


@pytest.mark.parametrize(
    "change",
    [{"id": "C2"}, {"name": "Other"}, {"type": None}, {"geo": ["IN"]}, {"status": "active"}],
    ids=str,
)
def test_what_prices_depend_on_changes_the_name(change: dict[str, object]) -> None:
    changed = msgspec.structs.replace(FACTS, **change)

    assert facts_hash(changed) != facts_hash(FACTS)


def test_leases_have_one_name_in_whatever_order_and_another_where_any_of_them_differs() -> None:
    one, other = Lease(rule="A", uses=1, until=9), Lease(rule="B", amount=5, until=9)
    had = SchemeCounter(rule="A", scope="C1", used=1)

    name = leases_hash([one, other], [had])

    assert leases_hash([other, one], [had]) == name
    changed = [
        leases_hash([one], [had]),
        leases_hash([one, other], []),
        leases_hash([one, msgspec.structs.replace(other, until=10)], [had]),
        leases_hash([one, other], [msgspec.structs.replace(had, used=2)]),
    ]
    assert name not in changed
    assert len(set(changed)) == 4
