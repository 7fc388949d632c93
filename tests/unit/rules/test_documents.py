"""Orders, facts and results as JSON: what is published, what is read and how faults are told."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from rules import Count, Counters, Facts, Minor, Order, evaluate, load_pack
from rules.language import read_pack
from rules.tools.schema.documents import decided, facts_of, read, write
from rules.tools.schema.reading import DocumentError
from rules.tools.schema.schemas import DOCUMENTS, schema_of

RULES = Path(__file__).parents[3] / "rules"
EXAMPLES = RULES / "examples"
ORDER = {
    "id": "O1",
    "customer": "C1",
    "business_date": "2026-04-01",
    "lines": [{"number": 1, "sku": "A", "quantity": 5}],
}


def _faults(wanted: type, document: object) -> tuple[str, ...]:
    with pytest.raises(DocumentError) as refused:
        read(wanted, json.dumps(document))
    return refused.value.faults


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_published_schema_is_that_of_the_engine(name: str) -> None:
    published = json.loads((RULES / "schemas" / f"{name}.schema.json").read_text())

    made = schema_of(name)

    assert published == made, f"write it anew: python -m rules schema {name} > rules/schemas/..."


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_schema_is_one_and_takes_its_example(name: str) -> None:
    schema = schema_of(name)
    # Questions are JSON lines: the first stands for all.
    file = "orders.jsonl" if name == "question" else f"{name}.json"
    example, _ = json.JSONDecoder().raw_decode((EXAMPLES / file).read_text())

    jsonschema.Draft202012Validator.check_schema(schema)
    found = jsonschema.Draft202012Validator(schema).iter_errors(example)

    assert [error.message for error in found] == []


def test_the_example_comes_out_as_written() -> None:
    order, facts, counters = (
        read(wanted, (EXAMPLES / f"{name}.json").read_text())
        for name, wanted in (("order", Order), ("facts", Facts), ("counters", Counters))
    )
    assert isinstance(order, Order)
    assert isinstance(facts, Facts)
    assert isinstance(counters, Counters)
    pack = load_pack(read_pack(EXAMPLES / "pack"))

    answer = json.loads(write(decided(evaluate(order, facts, counters, pack), pack)))

    written = json.loads((EXAMPLES / "result.json").read_text())
    assert answer["result"] == written["result"]
    assert answer["pack"].keys() == written["pack"].keys()


def test_an_order_needs_no_more_than_it_must() -> None:
    order = read(Order, json.dumps(ORDER))

    assert (order.payment, order.business_date) == ("credit", date(2026, 4, 1))


def test_what_stands_under_its_sku_need_not_repeat_it() -> None:
    facts = read(
        Facts,
        json.dumps({"as_of": "", "customer": {"id": "C1"}, "products": {"A": {"name": "Apple"}}}),
    )

    assert facts.products["A"].sku == "A"


def test_counters_are_read_by_rule_and_scope() -> None:
    counters = read(
        Counters, '{"counts": {"R": {"total": {"uses": 3}, "C1": {"uses": 1, "money": 5}}}}'
    )

    assert counters.of(("R", "total")) == Count(uses=3)
    assert counters.of(("R", "C1")) == Count(uses=1, money=Minor(5))
    assert counters.of(("R", "C2")) == Count()


def test_without_facts_a_product_is_its_sku() -> None:
    facts = facts_of(read(Order, json.dumps(ORDER)))

    assert (facts.customer.id, list(facts.products)) == ("C1", ["A"])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"lines": [{"number": 1, "sku": "A"}]}, "$.lines[0]: 'quantity' is missing"),
        ({"lines": {}}, "$.lines: needs a list, not an object"),
        ({"lines": [7]}, "$.lines[0]: needs an object, not 7"),
        (
            {"lines": [{"number": True, "sku": "A", "quantity": 1}]},
            "$.lines[0].number: needs a whole number, not true",
        ),
        (
            {"lines": [{"number": 1, "sku": "A", "quantity": 1.5}]},
            "$.lines[0].quantity: needs a whole number, not 1.5",
        ),
        (
            {"lines": [{"number": 1, "sku": "A", "quantity": 10**18}]},
            "$.lines[0].quantity: has more than 18 digits",
        ),
        ({"paymnt": "cash"}, "$.paymnt: unknown; did you mean 'payment'?"),
        (
            {"payment": "barter"},
            '$.payment: needs one of credit, cash, advance, not "barter"',
        ),
        (
            {"business_date": "2026-4-1"},
            '$.business_date: needs a date such as 2026-01-31, not "2026-4-1"',
        ),
        ({"customer": None}, "$.customer: needs text, not null"),
    ],
)
def test_a_fault_is_told_with_its_path(change: dict[str, Any], fault: str) -> None:
    assert _faults(Order, ORDER | change) == (fault,)


def test_all_faults_are_told_at_once() -> None:
    assert len(_faults(Order, {"lines": [{}, []], "payment": 1})) == 8


def test_a_name_given_twice_is_a_fault() -> None:
    with pytest.raises(DocumentError, match=r"\$\.id: is given twice"):
        read(Order, json.dumps(ORDER)[:-1] + ', "id": "O2"}')


def test_a_product_under_the_sku_of_another_is_a_fault() -> None:
    facts = {
        "as_of": "",
        "customer": {"id": "C1"},
        "products": {"A": {"sku": "B", "name": "Bean"}},
        "batches": {"A": [{"sku": "B", "id": "1", "warehouse": "W", "available": 1}]},
    }

    assert _faults(Facts, facts) == (
        "$.products.A.sku: is not 'A', under which it stands",
        "$.batches.A[0].sku: is not 'A', under which it stands",
        "$.batches.A[0]: 'received' is missing",
    )


def test_a_list_in_the_place_of_a_product_is_a_fault() -> None:
    facts = {"as_of": "", "customer": {"id": "C1"}, "products": {"A": [{"name": "Apple"}]}}

    assert _faults(Facts, facts) == ("$.products.A: needs an object, not a list",)


def test_what_is_no_json_says_where() -> None:
    with pytest.raises(DocumentError, match=r"\$: not JSON: .*line 1 column 2"):
        read(Order, "{")
