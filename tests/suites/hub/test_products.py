"""Products as people keep them: one bar code is one product, and terminals hear of all of it."""

import json

import pytest

from hub.base import history
from hub.base.access import EVERYTHING
from hub.base.fields import Change, Kept, Refused
from hub.base.fields.words import sentence
from hub.desk.products.acts import ProductActs
from hub.desk.products.reads.typed import find_meant
from tests.builders.market import Market

pytestmark = pytest.mark.one_engine

EAN = "8901234567906"
CASE = "18901234567903"


def add(market: Market, sku: str = "JAM", **texts: str) -> Kept | Refused:
    """Add a product as Asha would."""
    keep = market.hub.ground.part(ProductActs).keep
    return keep.add(sku, {"name": "Jam", "tax_class": "none", **texts}, by="asha")


def change(market: Market, sku: str, **changes: tuple[str, str]) -> Kept | Refused:
    """Change fields from what was seen to what is wanted."""
    market.clock.ms += 1
    asked = {name: Change(*pair) for name, pair in changes.items()}
    return market.hub.ground.part(ProductActs).keep.change(sku, asked, by="asha", why="list 7")


def codes(done: object) -> set[str]:
    """Name why something was not done."""
    assert isinstance(done, Refused), done
    assert all(sentence(one, language=name) for one in done.reasons for name in ("en", "hi"))
    return {one.code for one in done.reasons}


def catalogue(market: Market) -> dict[str, dict[str, object]]:
    """Read what terminals fetch, by SKU."""
    ((body,),) = market.rows(
        "SELECT s.body FROM snapshot s JOIN setting k ON k.value = s.hash WHERE k.key = 'catalogue'"
    )
    return {one["sku"]: one for one in json.loads(bytes(body))["products"]}


def test_a_new_product_is_in_the_catalogue_that_terminals_fetch(market: Market) -> None:
    done = add(market, pack_sizes="CASE=12", gtins=EAN, pack_gtins=f"CASE={CASE}", mrp="99.50")

    found = catalogue(market)["JAM"]
    assert isinstance(done, Kept)
    assert (found["gtins"], found["pack_gtins"]) == ([EAN], {CASE: "CASE"})
    assert (found["pack_sizes"], found["mrp"]) == ({"CASE": 12}, 995_000)


def test_what_is_not_sold_any_more_is_ordered_no_more_and_leaves_the_catalogue(
    market: Market,
) -> None:
    before = market.place(("SOAP", 1))

    done = change(market, "SOAP", active=("yes", "no"), replaced_by=("", "TEA"))
    after = market.place(("SOAP", 1))

    assert isinstance(done, Kept)
    assert before.status == "confirmed"
    assert after.status != "confirmed"
    assert "SOAP" not in catalogue(market)
    assert market.broken() == set()


def test_one_bar_code_is_one_product_whatever_zeros_stand_before_it(market: Market) -> None:
    add(market, gtins="96385074")

    other = add(market, "BUN", gtins="0000096385074")
    as_pack = add(market, "BUN", pack_sizes="CASE=6", pack_gtins="CASE=00000096385074")
    twice = add(market, "BUN", gtins="012345678905;0012345678905")

    assert codes(other) == codes(as_pack) == {"gtin_taken"}
    assert codes(twice) == {"gtin_twice"}


def test_what_a_text_means_among_some_is_found_however_many_others_fit(market: Market) -> None:
    for sku in ("A1", "A2", "A3"):
        assert isinstance(add(market, sku, name=f"An apple of kind {sku}"), Kept)

    with market.database.read() as connection:
        sold = {"SOAP", "TEA"}
        _, found = find_meant(connection, "ap", most=2, scope=EVERYTHING, among=sold)
        _, any_of_all = find_meant(connection, "ap", most=2, scope=EVERYTHING)

    assert [one.sku for one in found] == ["SOAP"]
    assert [one.sku for one in any_of_all] == ["A1", "A2"]


def test_a_bar_code_that_moves_is_given_up_first(market: Market) -> None:
    add(market, gtins=EAN)

    change(market, "JAM", gtins=(EAN, ""))
    done = add(market, "BUN", gtins=EAN)

    assert isinstance(done, Kept)
    assert [sku for sku, one in catalogue(market).items() if EAN in str(one["gtins"])] == ["BUN"]


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"gtins": "8901230000000"}, "cell_gtin_check"),
        ({"gtins": "8.90123E+12"}, "cell_digits_lost"),
        ({"hsn": "12345"}, "cell_not_hsn"),
        ({"mrp": "0"}, "cell_not_price"),
        ({"pack_sizes": "CASE"}, "cell_not_packs"),
        ({"pack_sizes": "CASE=12;CASE=6"}, "cell_not_packs"),
        ({"pack_gtins": f"BOX={CASE}"}, "gtin_of_no_pack"),
        ({"replaced_by": "NOTHING"}, "replacement_unknown"),
        ({"name": ""}, "cell_empty"),
        ({"colour": "red"}, "field_unknown"),
    ],
)
def test_what_does_not_fit_is_refused_in_both_languages(
    market: Market, texts: dict[str, str], code: str
) -> None:
    before = catalogue(market)

    assert code in codes(add(market, **texts))
    assert catalogue(market) == before


def test_a_sku_that_looks_like_another_is_refused(market: Market) -> None:
    assert codes(add(market, "tea")) == {"sku_taken"}


def test_of_two_people_the_second_is_told_what_changed(market: Market) -> None:
    change(market, "TEA", brand=("Leaf", "Gold Leaf"))

    late = change(market, "TEA", brand=("Leaf", "Green Leaf"), hsn=("", "0902"))

    assert codes(late) == {"field_crossed"}
    assert market.rows("SELECT brand, hsn FROM product WHERE sku = 'TEA'") == [("Gold Leaf", None)]


def test_every_change_is_kept_with_who_when_old_new_and_why(market: Market) -> None:
    change(market, "TEA", name=("Tea", "चाय 250 ग्राम"))

    with market.database.read() as connection:
        entry = history.read(connection, "product", "TEA")[-1]
    assert (entry.field, entry.old, entry.new) == ("name", "Tea", "चाय 250 ग्राम")
    assert (entry.who, entry.at_ms, entry.why) == ("asha", market.clock.ms, "list 7")
