"""Files of products and opening amounts: one code is one product, nothing is guessed, told anew."""

from collections.abc import Collection, Sequence

import pytest

from hub.base.access import EVERYTHING
from hub.base.sheets import COMMA
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.model import Dates, RowOutcome, write_rows
from hub.desk.imports.reads import each_outcome, export_masters
from hub.desk.imports.store import AT_ONCE, Reading
from tests.builders.hub_records import Shelves
from tests.builders.market import Market
from tests.suites.hub.test_imports import told
from tests.suites.hub.test_products import catalogue

pytestmark = pytest.mark.one_engine

EAN, OTHER, CASE = "8901234567906", "8900000123452", "18901234567903"
HEAD = "sku,name,gtins,pack_sizes,pack_gtins,mrp\n"


@pytest.fixture(autouse=True)
def importer(market: Market) -> None:
    """Have a user whose files are taken."""
    Shelves(market.database).user("asha", "manager")


def take(
    market: Market,
    body: str,
    kind: str = "products",
    *,
    chosen: Collection[int] | None = None,
    dates: Dates = "year_month_day",
) -> Sequence[RowOutcome]:
    """Have a file taken, and give what became of its rows."""
    acts = market.hub.ground.part(ImportActs)
    run = acts.take(kind, body, file="list.csv", reading=Reading(dates=dates), by="asha")
    assert acts.take.begin(run, by="asha", chosen=chosen)
    market.hub.jobs.run_due("test")
    with market.database.read() as connection:
        return list(each_outcome(connection, run, scope=EVERYTHING))


def test_products_are_added_and_changed_and_the_terminals_hear_of_it_once(market: Market) -> None:
    before = market.rows("SELECT count(*) FROM snapshot WHERE kind = 'catalogue'")
    many = "".join(f"P{n},Number {n},,,,\n" for n in range(AT_ONCE))

    outcomes = take(
        market,
        f"{HEAD}JAM,Jam,{EAN},CASE=12,CASE={CASE},99.50\nTEA,Tea leaves,,,,\nRICE,Rice,,,,\n{many}",
    )

    found = catalogue(market)
    assert [one.action for one in outcomes[:3]] == ["add", "change", "same"]
    assert outcomes[1].changed == ("name",)
    assert found["JAM"]["pack_gtins"] == {CASE: "CASE"}
    assert (found["TEA"]["name"], found["TEA"]["pack_sizes"]) == ("Tea leaves", {"CASE": 12})
    assert market.rows("SELECT count(*) FROM snapshot WHERE kind = 'catalogue'") == [
        (before[0][0] + 1,)
    ]
    assert market.broken() == set()


def test_a_code_of_two_products_is_refused_in_a_file_and_against_the_books(market: Market) -> None:
    take(market, f"{HEAD}OLD,Old,{EAN},,,\n")

    outcomes = take(
        market,
        f"{HEAD}A,One,{OTHER},,,\nB,Two,0{OTHER},,,\nC,Three,0{EAN},,,\nD,Four,,BOX=6,BOX={EAN},\n",
    )

    assert told(outcomes) == [
        (2, "add", ""),
        (3, "refuse", "gtins:row_twice"),
        (4, "refuse", "gtins:gtin_taken"),
        (5, "refuse", "gtins:row_twice"),
    ]
    assert market.broken() == set()


def test_a_code_that_one_product_gives_away_another_may_take(market: Market) -> None:
    take(market, f"{HEAD}OLD,Old,{EAN},,,\n")

    outcomes = take(market, f"{HEAD}OLD,,(empty),,,\nNEW,New,{EAN},,,\n")

    assert [one.action for one in outcomes] == ["change", "add"]
    owner = "SELECT p.sku FROM product_gtin g JOIN product p ON p.id = g.product_id"
    assert market.rows(f"{owner} WHERE g.gtin = '{EAN}'") == [("NEW",)]


WRONG = (
    ("X1,Spoilt,8.90E+12,,,", "gtins:cell_digits_lost"),
    ("X2,Spoilt,8901230000000,,,", "gtins:cell_gtin_check"),
    ("X3,Spoilt,123456789,,,", "gtins:cell_not_gtin"),
    ("8.90123E+12,Spoilt,,,,", "sku:cell_digits_lost"),
    ("#N/A,Spoilt,,,,", "sku:cell_spoilt"),
    ("X4,,,,,", "name:cell_empty"),
    ("tea,Looks like TEA,,,,", "sku:sku_taken"),
    ("X5,Case,,CASE=0,,", "pack_sizes:cell_not_packs"),
    (f"X6,No such pack,,,BOX={CASE},", "pack_gtins:gtin_of_no_pack"),
    ("X7,Free,,,,0", "mrp:cell_not_price"),
    ("X8,<script>alert(1)</script>\u202e,,,,", "name:cell_hidden"),
    ('"SO\u200bAP",Hidden sign,,,,', "sku:cell_hidden"),
    ('"So\nap",Line break,,,,', "sku:cell_hidden"),
)


def test_what_is_wrong_is_refused_at_its_row_and_the_next_is_taken(market: Market) -> None:
    body = "".join(f"{row}\nG{n},Good,,,,10\n" for n, (row, _) in enumerate(WRONG))

    outcomes = take(market, HEAD + body)

    assert [(action, why) for _, action, why in told(outcomes)] == [
        one for _, why in WRONG for one in (("refuse", why), ("add", ""))
    ]


def test_codes_stay_as_they_are_written_and_names_of_every_script(market: Market) -> None:
    rows = ["007,Seven", "1E5,Five", "2026-03,Month", "N-1,चाय पत्ती 🍵", "N-2,شاي"]

    outcomes = take(market, "sku,name\n" + "\n".join(rows) + "\n")

    assert [one.key for one in outcomes] == ["007", "1E5", "2026-03", "N-1", "N-2"]
    assert market.rows("SELECT name FROM product WHERE sku LIKE 'N-%' ORDER BY sku") == [
        ("चाय पत्ती 🍵",),
        ("شاي",),
    ]


def test_only_chosen_rows_are_taken(market: Market) -> None:
    outcomes = take(market, "sku,name\nA,Aa\nB,Bb\nC,Cc\n", chosen=[3])

    assert [one.action for one in outcomes] == ["leave", "add", "leave"]
    assert market.rows("SELECT sku FROM product WHERE sku IN ('A', 'B', 'C')") == [("B",)]


def test_amounts_are_read_as_people_group_their_digits_and_never_guessed(market: Market) -> None:
    outcomes = take(
        market,
        'Customer,Balance\nC1,"1,00,250.50"\nC2,"1,250"\nC3,"1,5"\nC4,"12,34,56"\n',
        kind="openings",
    )

    assert told(outcomes) == [
        (2, "change", ""),
        (3, "change", ""),
        (4, "refuse", "opening:cell_not_amount"),
        (5, "refuse", "opening:cell_not_amount"),
    ]
    owed = "SELECT a.exposure FROM customer_account a JOIN party p ON p.id = a.customer_id"
    assert market.rows(f"{owed} WHERE p.code IN ('C1', 'C2') ORDER BY p.code") == [
        (10_025_050,),
        (125_000,),
    ]


def test_levels_of_warehouses_are_taken_and_given_as_a_file(market: Market) -> None:
    first = take(
        market,
        "Warehouse,SKU,Min,Max,Rack\nMAIN,TEA,20,200,A-2\nMAIN,RICE,,90,\nNOWHERE,TEA,1,2,\n"
        "MAIN,NONE,1,2,\nMAIN,SOAP,30,10,\nMAIN,HONEY,few,,\n",
        kind="levels",
    )
    again = take(market, "warehouse,sku,reorder\nMAIN,TEA,\nMAIN,RICE,(empty)\n", kind="levels")
    with market.database.read() as connection:
        written = list(export_masters(connection, "levels", scope=EVERYTHING, now_ms=0))

    assert told(first) == [
        (2, "add", ""),
        (3, "add", ""),
        (4, "refuse", "warehouse:stock_warehouse_unknown"),
        (5, "refuse", "sku:stock_product_unknown"),
        (6, "refuse", "maximum:maximum_below_reorder"),
        (7, "refuse", "reorder:cell_not_count"),
    ]
    assert told(again) == [(2, "same", ""), (3, "same", "")]
    assert written == [
        ["warehouse", "sku", "reorder", "maximum", "bin"],
        ["MAIN", "RICE", "", "90", ""],
        ["MAIN", "TEA", "20", "200", "A-2"],
    ]


def test_opening_amounts_move_what_customers_owe(market: Market) -> None:
    outcomes = take(
        market,
        f"Customer,Balance\nC1,250.50\nC2,0\nNOBODY,5\nC4,-1\nC3,{10**17}\n",
        kind="openings",
    )

    assert told(outcomes) == [
        (2, "change", ""),
        (3, "same", ""),
        (4, "refuse", "code:customer_not_found"),
        (5, "refuse", "opening:cell_not_amount"),
        (6, "refuse", "opening:cell_above"),
    ]
    owed = "SELECT a.exposure FROM customer_account a JOIN party p ON p.id = a.customer_id"
    assert market.rows(f"{owed} WHERE p.code = 'C1'") == [(25_050,)]
    assert market.broken() == set()


def test_dates_are_read_in_the_order_that_was_said_and_refused_without(market: Market) -> None:
    body = "code,since\nC1,03/04/2026\n"

    unsaid = take(market, body, kind="customers")
    said = take(market, body, kind="customers", dates="day_month_year")

    assert told(unsaid) == [(2, "refuse", "since:cell_not_day")]
    assert told(said) == [(2, "change", "")]
    assert str(market.rows("SELECT since FROM party WHERE code = 'C1'")[0][0]) == "2026-04-03"


@pytest.mark.parametrize("kind", ["customers", "products", "openings"])
def test_what_is_taken_out_is_taken_in_again_without_a_change(market: Market, kind: str) -> None:
    take(market, f"sku,name,pack_sizes,pack_gtins\nN-1,चाय 🍵,CASE=12,CASE={CASE}\n")
    with market.database.read() as connection:
        head, *rows = export_masters(connection, kind, scope=EVERYTHING, now_ms=0)

    outcomes = take(market, write_rows(head, rows, COMMA), kind=kind)

    assert {one.action for one in outcomes} == {"same"}


def test_a_repeated_row_far_down_is_told_before_anything_is_taken(market: Market) -> None:
    rows = [f"P{n},Number {n},,,," for n in range(6_000)]
    rows[4_500] = "p7,Number 7 again,,,,"
    check = market.hub.ground.part(ImportActs).check

    outcomes = check(
        "products", HEAD + "\n".join(rows), file="long.csv", by="asha", scope=EVERYTHING
    )

    refused = [one for one in outcomes if one.action == "refuse"]
    assert told(refused) == [(4_502, "refuse", ":row_twice")]
    assert refused[0].reasons[0].params == {"key": "p7", "row": 9}
    assert market.rows("SELECT count(*) FROM product WHERE sku LIKE 'P%'") == [(0,)]


@pytest.mark.parametrize(
    ("sku", "parted"),
    [
        ("TEA ", ";"),
        ("TEA\u00a0", "\t"),
        ("\ufeffTEA", ","),
        ("ＴＥＡ", ";"),  # noqa: RUF001
        ('"TEA"', "\t"),
    ],
)
def test_a_key_is_the_same_however_a_spreadsheet_writes_it(
    market: Market, sku: str, parted: str
) -> None:
    outcomes = take(market, f"sku{parted}name\r\n{sku}{parted}Tea\r\n")

    assert [(one.key, one.action) for one in outcomes] == [("TEA", "same")]
