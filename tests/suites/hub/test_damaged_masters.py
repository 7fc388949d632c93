"""A folder that is damaged, cut or ambiguous loads nothing and says where; what stays is told."""

import pytest

from hub.desk.terminals.acts.load_distributor import LoadRefusedError
from hub.desk.terminals.commands.load.reading import DistributorError
from tests.builders.market import FILES, Market

pytestmark = pytest.mark.one_engine

PRODUCTS = FILES["products.csv"]
HEAD = PRODUCTS.splitlines()[0]
HELD = "SELECT code, status, credit_state, credit_limit FROM party ORDER BY id"


def faults(market: Market, **files: str) -> list[str]:
    """Load files with faults, and give what is said of them."""
    with pytest.raises(DistributorError) as caught:
        market.load(None, **files)
    return [str(fault) for fault in caught.value.faults]


def test_rows_that_were_cut_off_are_refused_and_change_no_customer(market: Market) -> None:
    before = market.rows(HELD)
    head, first, *rest = FILES["customers.csv"].splitlines()
    cut = "\n".join([head, ",".join(first.split(",")[:4]), *rest])

    found = faults(market, customers=cut)

    assert found[0] == "customers.csv:2: 4 cells, but the header names 7 columns"
    assert market.rows(HELD) == before


def test_an_empty_limit_is_for_the_rules_to_say_and_an_empty_status_is_refused(
    market: Market,
) -> None:
    row = "C2,Second Shop,retailer,IN/KA,active,none,"

    market.load(customers=FILES["customers.csv"].replace(row, row.replace("none", "")))
    found = faults(market, customers=FILES["customers.csv"].replace(row, row.replace("active", "")))

    assert market.rows("SELECT credit_state FROM party WHERE code = 'C2'") == [("unset",)]
    assert found[0] == "customers.csv:3: status '' is none of active, hold, blocked"


def test_a_quote_that_is_never_closed_is_named_where_it_opens_and_nothing_else(
    market: Market,
) -> None:
    assert faults(market, products=PRODUCTS.replace("RICE,,Rice", 'RICE,,"Rice 5 inch')) == [
        "products.csv:3: a quote opens here and is never closed"
    ]


def test_a_bar_code_of_a_product_that_is_not_in_the_file_is_refused_with_both_names(
    market: Market,
) -> None:
    supplement = f"{HEAD}\nCOFFEE,08901234567894,Coffee,,,full,PCS,\n"
    batches = "warehouse,sku,batch,manufactured,expiry,received,on_hand\n"

    with pytest.raises(LoadRefusedError, match="8901234567894 is both TEA and COFFEE"):
        market.load(products=supplement, batches=batches)

    assert market.rows("SELECT count(*) FROM product") == [(5,)]


def test_bar_codes_that_no_counter_takes_are_told(market: Market) -> None:
    loaded = market.load(products=PRODUCTS.replace("OIL,,", "OIL,8901230000000,"))

    assert any(
        "no counter takes" in note and "8901230000000 (OIL)" in note for note in loaded.notes
    )


def test_what_of_a_batch_is_not_taken_is_told(market: Market) -> None:
    loaded = market.load(
        batches=FILES["batches.csv"].replace(
            "2027-12-31,2026-04-01,100", "2026-12-31,2026-04-01,90"
        )
    )

    (note,) = loaded.notes
    assert "MAIN TEA T-LATE: expiry 2027-12-31 is 2026-12-31 in the file" in note
    assert "on_hand 100 is 90 in the file" in note


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("soap,,Soap,home,,none,PCS,", "'soap' looks like 'SOAP'"),
        ("SO\u200bAP,,Soap,home,,none,PCS,", "U+200B"),
        ("NEW,,So\x1bap,home,,none,PCS,", "U+001B"),
        ("#N/A,,Soap,home,,none,PCS,", "is what a spreadsheet writes"),
        ("8.90123E+12,,Soap,home,,none,PCS,", "has lost digits"),
    ],
)
def test_codes_that_look_alike_or_were_spoilt_are_refused(
    market: Market, row: str, fault: str
) -> None:
    (found,) = faults(market, products=f"{PRODUCTS}{row}\n")

    assert found.startswith("products.csv:7: ")
    assert fault in found


def test_a_file_of_semicolons_is_one_fault(market: Market) -> None:
    assert faults(market, products=PRODUCTS.replace(",", ";")) == [
        "products.csv:1: the columns are parted by semicolons; they must be by commas"
    ]


def test_a_product_is_not_sold_any_more_where_the_file_says_so(market: Market) -> None:
    head, tea, *rest = PRODUCTS.splitlines()
    lines = [f"{head},active", f"{tea},no", *(f"{row}," for row in rest)]

    market.load(products="\n".join(lines) + "\n")

    answer = market.place(("TEA", 1))
    assert answer.status != "confirmed"
    assert market.rows("SELECT active FROM product WHERE sku = 'TEA'") in ([(0,)], [(False,)])


def test_products_and_bar_codes_that_are_not_in_the_file_are_told(market: Market) -> None:
    without = PRODUCTS.replace("SOAP,,Soap,home,,none,PCS,\n", "").replace("8901234567894", "")
    batches = FILES["batches.csv"].replace("MAIN,SOAP,S1,2026-01-01,,2026-02-01,5000\n", "")

    loaded = market.load(products=without, batches=batches)

    assert loaded.notes == [
        "not in the file, and still on sale (1): SOAP",
        "bar codes that are not in the file, and go on selling (1): 8901234567894 (TEA)",
    ]
