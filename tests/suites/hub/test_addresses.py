"""Delivery addresses: where goods go, from the order to the e-invoice, and what the law says."""

import json
from pathlib import Path

import pytest

from hub.base.access import EVERYTHING, Scope
from hub.base.fields import Kept, Refused
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.events import Issued
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.events import Refused as OrderRefused
from hub.desk.orders.model.request import Requester
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.reads.addresses import list_addresses
from tests.builders.delivered import recorded, sent
from tests.builders.market import Market, new_uuid
from tests.builders.money import BY, billed, order_id, try_bill
from tests.builders.portal import complete_for_gst, detail_of, with_portal, work

HERE = {"address": "9 Ring Road", "city": "Mandya", "pin": "571401", "state": "29"}
THERE = {"address": "4 Harbour Road", "city": "Kochi", "pin": "682001", "state": "32"}
OTHER = {**THERE, "name": "Kerala Traders", "gstin": "32AAPFU0939F1Z4"}


def keep(market: Market, code: str, fields: dict[str, str]) -> Kept | Refused:
    """Keep an address of the second shop."""
    act = market.hub.ground.part(CustomerActs).address
    return act("C2", code, fields, by=BY, scope=EVERYTHING)


def place(market: Market, ship_to: str, count: int = 3) -> PlacedOrder | OrderRefused:
    """Place an order of the second shop to one of its addresses."""
    asked = AskedOrder(new_uuid(), "staff", "C2", (AskedLine("SOAP", count),), ship_to=ship_to)
    by = Requester("user", BY)
    return market.hub.ground.part(OrderActs).place(asked, by=by, scope=EVERYTHING)


def placed(market: Market, ship_to: str, count: int = 3) -> str:
    """Place an order to an address, and give its id."""
    done = place(market, ship_to, count)
    assert isinstance(done, PlacedOrder), done
    return done.uuid


def test_an_order_its_note_and_its_invoice_carry_the_address_that_it_was_placed_with(
    market: Market,
) -> None:
    complete_for_gst(market)
    keep(market, "GODOWN", HERE)
    order = placed(market, "GODOWN")
    keep(market, "GODOWN", {**HERE, "address": "1 New Street"})

    wave = sent(market, order)
    recorded(market, wave.notes[0], AskedOutcome(receiver="Asha"))
    invoice = detail_of(market, billed(market, order).invoice)
    papers = market.deliveries.papers
    own = papers.note(sent(market, placed(market, "")).notes[0], scope=EVERYTHING)
    note = papers.note(wave.notes[0], scope=EVERYTHING)

    assert invoice.ship is not None
    assert (invoice.ship.name, invoice.ship.address) == ("Second Shop", "9 Ring Road")
    assert invoice.row["place_of_supply"] == "29"
    assert note is not None
    assert own is not None
    assert note.content != own.content
    assert market.rows("SELECT count(*) FROM customer_address") == [(2,)]
    assert market.broken() == set()


def test_goods_for_another_business_leave_the_place_of_supply_with_the_buyer(
    market: Market, tmp_path: Path
) -> None:
    with with_portal(market, tmp_path) as portal:
        assert isinstance(keep(market, "KOCHI", OTHER), Kept)
        made = billed(market, placed(market, "KOCHI")).invoice
        work(market)

        (taken,) = portal.registry.documents.values()
        detail = detail_of(market, made)

    assert detail.row["place_of_supply"] == "29"
    assert taken.document["BuyerDtls"]["Pos"] == "29"
    assert taken.document["ShipDtls"] == {
        "Gstin": "32AAPFU0939F1Z4",
        "LglNm": "Kerala Traders",
        "Addr1": "4 Harbour Road",
        "Loc": "Kochi",
        "Pin": 682001,
        "Stcd": "32",
    }


def test_an_own_place_in_another_state_is_a_customer_of_its_own(market: Market) -> None:
    complete_for_gst(market)

    done = keep(market, "KOCHI", THERE)

    assert isinstance(done, Refused)
    assert [one.code for one in done.reasons] == ["address_other_state"]


def test_a_customer_that_moved_state_is_not_billed_for_its_place_of_before(market: Market) -> None:
    complete_for_gst(market)
    keep(market, "GODOWN", HERE)
    order = placed(market, "GODOWN")
    market.change("UPDATE customer_profile SET state = '27', gstin = '27AAPFU0939F1ZV'")

    done = try_bill(market, order)

    assert isinstance(done, Refused)
    assert done.reasons[0].code == "address_other_state"


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({**HERE, "pin": "12"}, "pin", "cell_not_pin"),
        ({"city": "Mandya"}, "address", "cell_empty"),
        ({**HERE, "gstin": "29AAPFU0939F1ZR"}, "name", "address_gstin_unnamed"),
        ({**OTHER, "state": "29"}, "gstin", "gstin_state_differs"),
        ({**HERE, "planet": "Mars"}, "planet", "field_unknown"),
    ],
)
def test_what_is_wrong_with_an_address_stands_at_its_field(
    market: Market, fields: dict[str, str], field: str, code: str
) -> None:
    complete_for_gst(market)

    done = keep(market, "GODOWN", fields)

    assert isinstance(done, Refused)
    assert (field, code) in [(one.field, one.code) for one in done.reasons]


def test_an_address_that_is_not_there_any_more_takes_no_order(market: Market) -> None:
    keep(market, "GODOWN", HERE)
    acts = market.hub.ground.part(CustomerActs).address
    unseen = acts.end("C2", "GODOWN", by=BY, scope=Scope())
    ended = acts.end("C2", "GODOWN", by=BY, scope=EVERYTHING)
    again = acts.end("C2", "GODOWN", by=BY, scope=EVERYTHING)

    done = place(market, "GODOWN")

    with market.database.read() as connection:
        left = list_addresses(connection, "C2", scope=EVERYTHING)
    assert isinstance(unseen, Refused)
    assert isinstance(ended, Kept)
    assert isinstance(again, Refused)
    assert isinstance(done, OrderRefused)
    assert done.reason.code == "address_unknown"
    assert left == []


def test_orders_to_two_places_do_not_go_on_one_invoice(market: Market) -> None:
    keep(market, "GODOWN", HERE)
    orders = [order_id(market, placed(market, to)) for to in ("GODOWN", "")]
    make = market.hub.ground.part(InvoiceActs).make

    mixed = make(orders=orders, by=BY, scope=EVERYTHING)
    alone = make(orders=orders[:1], by=BY, scope=EVERYTHING)

    assert isinstance(mixed, Refused)
    assert mixed.reasons[0].code == "billing_mixed"
    assert isinstance(alone, Issued)
    (kept,) = market.rows("SELECT ship_to FROM invoice")
    assert json.loads(kept[0])["city"] == "Mandya"
