"""E-invoices: each document is registered once, whatever its portal does; the answer is kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.base.access import EVERYTHING, Scope
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.jobs.calling import WebHost
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.invoices.acts.send_document import SendDocument
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.model.gst_files import encode_file
from hub.desk.invoices.model.registration import Terms, irn_of
from simulators.portal import PortalServer
from simulators.portal.server import Switch
from tests.builders.delivered import picked, recorded
from tests.builders.market import Market
from tests.builders.money import BY, billed, credited, delivered, invoices_of
from tests.builders.portal import (
    SELLER_GSTIN,
    complete_for_gst,
    detail_of,
    state_of,
    with_portal,
    work,
    work_later,
)

DAY_MS = 24 * 3_600_000


@pytest.fixture
def portal(market: Market, tmp_path: Path) -> Iterator[PortalServer]:
    """Give a portal to which the market's documents go."""
    with with_portal(market, tmp_path) as opened:
        yield opened


def make(market: Market, count: int = 3) -> int:
    """Bill a new order of so many pieces of soap, and give the invoice."""
    return billed(market, market.place(("SOAP", count)).order).invoice


def cancel(market: Market, invoice: int) -> Issued | Refused:
    """Cancel a document."""
    return invoices_of(market).cancel(invoice, why="wrong shop", by=BY, scope=EVERYTHING)


def test_an_invoice_is_registered_and_what_the_portal_gave_is_kept(
    market: Market, portal: PortalServer
) -> None:
    invoice = make(market)
    waiting = state_of(market, invoice)

    work(market)
    work_later(market)

    found = detail_of(market, invoice)
    number = found.row["number"]
    given = found.registration
    (taken,) = portal.registry.documents.values()
    assert waiting == "waiting"
    assert given is not None
    assert given.state == "registered"
    assert given.irn == irn_of(SELLER_GSTIN, year="2026-27", kind="invoice", number=number)
    assert (given.irn, given.ack_no) == (taken.irn, str(taken.ack_no))
    assert given.ack_at == market.clock.ms - 3_700_000
    assert given.qr.count(".") == 2
    assert taken.document["DocDtls"] == {"Typ": "INV", "No": number, "Dt": "21/11/2026"}
    assert portal.asked == ["POST /eicore/v1.03/Invoice"]
    assert market.broken() == set()


@pytest.mark.parametrize("wrong", ["down", "late", "html", "busy", "strangers", "foreign"])
def test_a_portal_that_fails_in_any_way_is_asked_again_and_has_each_document_once(
    market: Market, portal: PortalServer, wrong: Switch
) -> None:
    portal.switch(wrong, times=2)
    invoice = make(market)

    work(market)
    failed = detail_of(market, invoice).registration
    work_later(market, times=2)

    done = detail_of(market, invoice).registration
    assert failed is not None
    assert done is not None
    assert (failed.state, failed.attempts) == ("waiting", 1)
    assert failed.error != ""
    assert done.state == "registered"
    assert [one.ack_no for one in portal.registry.documents.values()] == [int(done.ack_no)]
    assert portal.registry.given == 1
    assert market.broken() == set()


def test_two_workers_and_a_portal_that_takes_it_twice_write_one_registration(
    market: Market, portal: PortalServer
) -> None:
    portal.switch("twice")
    invoice = make(market)
    job = market.hub.jobs.claim("worker one")
    assert job is not None
    clock, host = market.clock, WebHost(portal.url)
    send = SendDocument(market.hub.transactions, clock, host, Terms(is_on=True), EVERYTHING)

    answers = [send(job), send(job)]
    kept = []
    for after in answers:
        assert after is not None
        with market.hub.transactions.open(actor="worker", at_ms=clock.ms) as t:
            after(t)
            t.commit()
        kept.append(detail_of(market, invoice).registration)

    assert portal.registry.given == 2
    assert kept[0] is not None
    assert kept[0].state == "registered"
    assert kept[1] == kept[0]


def test_a_refusal_is_kept_in_the_portals_words_and_sent_again_once_it_is_mended(
    market: Market, portal: PortalServer
) -> None:
    portal.switch("refuse", times=1)
    invoice = make(market)
    work(market)
    refused = detail_of(market, invoice).registration

    asked = invoices_of(market).register(invoice, by=BY, scope=EVERYTHING)
    again = detail_of(market, invoice).registration
    work(market)

    assert refused is not None
    assert [(one.code, one.mend) for one in refused.refusals] == [("3028", "customer")]
    assert refused.refusals[0].text == "GSTIN is not present in invoice system"
    assert isinstance(asked, Issued)
    assert again is not None
    assert (again.state, again.round, again.refusals) == ("waiting", 2, ())
    assert state_of(market, invoice) == "registered"
    assert market.broken() == set()


def test_what_the_portal_would_not_take_is_told_before_it_is_sent(
    market: Market, portal: PortalServer
) -> None:
    market.change(
        "UPDATE customer_profile SET city = 'X' WHERE city = 'Mysuru'",
    )
    invoice = make(market)

    work(market)
    told = invoices_of(market).register(invoice, by=BY, scope=EVERYTHING)

    kept = detail_of(market, invoice).registration
    assert kept is not None
    assert kept.state == "refused"
    assert [one.own.code for one in kept.refusals if one.own] == ["portal_length"]
    assert isinstance(told, Refused)
    assert told.reasons[0].params["length"] == 1
    assert portal.asked == []


def test_a_credit_note_is_registered_with_the_invoice_that_it_is_of(
    market: Market, portal: PortalServer
) -> None:
    made = billed(market, delivered(market, ("SOAP", 5)))
    note = credited(market, made.invoice, Credited(back={1: 2}))
    assert isinstance(note, Issued)

    work(market)

    taken = [one.document for one in portal.registry.documents.values()]
    assert [one["DocDtls"]["Typ"] for one in taken] == ["INV", "CRN"]
    assert taken[1]["RefDtls"]["PrecDocDtls"] == [{"InvNo": made.number, "InvDt": "21/11/2026"}]
    assert state_of(market, note.invoice) == "registered"


def test_a_credit_note_with_a_gift_that_is_kept_and_charged_is_registered(
    market: Market, portal: PortalServer
) -> None:
    made = billed(market, delivered(market, ("RICE", 10)))
    note = credited(market, made.invoice, Credited(back={1: 3}, charged={2: 1}))
    assert isinstance(note, Issued)

    work(market)

    _, less, more = (one.document for one in portal.registry.documents.values())
    of = [{"InvNo": made.number, "InvDt": "21/11/2026"}]
    assert state_of(market, note.invoice) == "registered"
    assert [one["DocDtls"]["Typ"] for one in (less, more)] == ["CRN", "DBN"]
    assert [one["RefDtls"]["PrecDocDtls"] for one in (less, more)] == [of, of]
    assert [(one["Qty"], one["AssAmt"]) for one in less["ItemList"]] == [(3, 150)]
    assert [(one["Qty"], one["AssAmt"]) for one in more["ItemList"]] == [(1, 80)]


def test_sales_to_a_shop_without_gstin_are_not_registered(
    market: Market, portal: PortalServer
) -> None:
    market.change("UPDATE customer_profile SET gstin = NULL, gst_kind = 'unregistered'")
    invoice = make(market)

    work(market)
    asked = invoices_of(market).register(invoice, by=BY, scope=EVERYTHING)

    assert state_of(market, invoice) == ""
    assert isinstance(asked, Refused)
    assert asked.reasons[0].code == "einvoice_no_buyer_gstin"
    assert portal.asked == []


def test_cancelling_within_a_day_is_told_to_the_portal_and_afterwards_refused(
    market: Market, portal: PortalServer
) -> None:
    early, late = make(market), make(market, 4)
    work(market)

    market.clock.ms += DAY_MS - 1
    done = cancel(market, early)
    going = state_of(market, early)
    work(market)
    market.clock.ms += 1
    refused = cancel(market, late)

    assert isinstance(done, Issued)
    assert going == "cancelling"
    assert state_of(market, early) == "cancelled"
    active = [one.is_active for one in portal.registry.documents.values()]
    assert active == [False, True]
    assert isinstance(refused, Refused)
    assert refused.reasons[0].code == "invoice_registered"
    assert market.broken() == set()


def test_one_that_the_portal_does_not_cancel_is_said_to_be_stuck_and_tried_once_more(
    market: Market, portal: PortalServer
) -> None:
    invoice = make(market)
    work(market)
    cancel(market, invoice)
    portal.objection = ("2230", "first cancel the e-way bill")
    portal.switch("refuse", times=1)

    work(market)
    stuck = detail_of(market, invoice).registration
    invoices_of(market).register(invoice, by=BY, scope=EVERYTHING)
    work(market)

    assert stuck is not None
    assert (stuck.state, stuck.refusals[0].mend) == ("stuck", "eway")
    assert state_of(market, invoice) == "cancelled"


@pytest.mark.parametrize("reached", [False, True])
def test_a_document_cancelled_while_it_waits_is_registered_nowhere_in_the_end(
    market: Market, portal: PortalServer, *, reached: bool
) -> None:
    portal.switch("late" if reached else "down", times=1)
    invoice = make(market)
    work(market)

    cancel(market, invoice)
    work_later(market, times=3)

    assert state_of(market, invoice) == ("cancelled" if reached else "dropped")
    assert all(not one.is_active for one in portal.registry.documents.values())
    assert market.broken() == set()


def test_one_that_was_never_sent_is_dropped_without_a_word(
    market: Market, portal: PortalServer
) -> None:
    invoice = make(market)
    cancel(market, invoice)

    work(market)

    assert state_of(market, invoice) == "dropped"
    assert portal.asked == []


@pytest.mark.parametrize(
    ("section", "field", "theirs"),
    [
        ("BuyerDtls", "Gstin", "29AAACD9999K1ZS"),
        ("ValDtls", "TotInvVal", 70_000.5),
        ("DocDtls", "Dt", "20/11/2026"),
    ],
)
@pytest.mark.parametrize("cancelled", [False, True])
def test_another_document_of_the_portal_under_the_number_is_told_and_left_alone(
    market: Market,
    portal: PortalServer,
    section: str,
    field: str,
    theirs: object,
    *,
    cancelled: bool,
) -> None:
    portal.switch("down", times=1)
    invoice = make(market)
    written = json.loads(encode_file(detail_of(market, invoice).portal_file()))
    portal.registry.register({**written, section: {**written[section], field: theirs}})
    work(market)
    if cancelled:
        cancel(market, invoice)

    work_later(market, times=3)

    found = detail_of(market, invoice).registration
    assert found is not None
    assert (found.state, found.irn) == ("dropped" if cancelled else "refused", "")
    assert [one.is_active for one in portal.registry.documents.values()] == [True]
    if not (cancelled and field == "Dt"):  # it is asked for by its day, and the portal has none
        (told,) = found.refusals
        assert told.own is not None
        assert told.own.code == "einvoice_other_document"
        assert str(theirs) in sentence(told.own)
    assert market.broken() == set()


def test_a_document_of_before_there_was_a_portal_goes_when_a_person_sends_it(
    market: Market, tmp_path: Path
) -> None:
    complete_for_gst(market)
    before = make(market)

    with with_portal(market, tmp_path) as portal:
        work(market)
        untouched = list(portal.asked)
        register = invoices_of(market).register
        unseen = register(before, by=BY, scope=Scope())
        register(before, by=BY, scope=EVERYTHING)
        work(market)
        again = register(before, by=BY, scope=EVERYTHING)

        assert untouched == []
        assert isinstance(unseen, Refused)
        assert isinstance(again, Issued)
        assert again.again
        assert state_of(market, before) == "registered"
        assert portal.registry.given == 1


def test_the_paper_of_before_stays_and_the_registered_one_has_irn_and_code(
    market: Market, portal: PortalServer
) -> None:
    invoice = make(market)
    give = invoices_of(market).paper
    before = give(invoice, scope=EVERYTHING)
    work(market)
    after = give(invoice, scope=EVERYTHING)

    kept = market.rows("SELECT name FROM paper_file ORDER BY name")
    again = market.rows(
        "SELECT content FROM paper_file WHERE name = :n", n=f"invoice/{invoice}/issued/en/a4"
    )
    assert kept == [
        (f"invoice/{invoice}/issued-registered/en/a4",),
        (f"invoice/{invoice}/issued/en/a4",),
    ]
    assert before is not None
    assert after is not None
    assert bytes(again[0][0]) == before.content != after.content
    assert give(invoice, scope=EVERYTHING) == after
    assert portal.registry.given == 1


def test_a_job_that_was_given_up_is_seen_and_a_person_sends_it_again(
    market: Market, portal: PortalServer
) -> None:
    portal.switch("down")
    invoice = make(market)
    work(market)
    work_later(market, times=30)
    dead = detail_of(market, invoice).registration

    portal.switch("down", on=False)
    work_later(market)
    invoices_of(market).register(invoice, by=BY, scope=EVERYTHING)
    work(market)

    assert dead is not None
    assert (dead.state, dead.is_dead, dead.attempts) == ("waiting", True, 30)
    assert state_of(market, invoice) == "registered"


def test_the_e_way_bill_is_made_with_the_invoice_of_goods_that_have_left(
    market: Market, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    files.mkdir(exist_ok=True)
    (files / "portal.toml").write_text('[heads]\nclient_id = "corner"\n')
    said = {"einvoice_eway": "yes", "einvoice_credentials": "portal.toml"}

    with with_portal(market, files, **said) as portal:
        order = market.place(("SOAP", 5)).order
        wave = picked(market, order)
        sent_off = market.deliveries.dispatch(
            wave.notes,
            vehicle="KA-01 F 1234",
            driver="Om",
            carrier="Fast Roads",
            carrier_gstin="27AAPFU0939F1ZV",
            distance="140",
            by=BY,
            scope=EVERYTHING,
        )
        recorded(market, wave.notes[0], AskedOutcome(receiver="Asha"))
        gone = billed(market, order).invoice
        here = make(market)
        work(market)
        bills = [one.document.get("EwbDtls") for one in portal.registry.documents.values()]
        numbers = [detail_of(market, one).registration for one in (gone, here)]

    assert not isinstance(sent_off, Refused)
    assert bills[0] is not None
    assert (bills[0]["VehNo"], bills[0]["Distance"]) == ("KA01F1234", 140)
    assert bills[0]["TransName"] == "Fast Roads"
    assert bills[1] is None
    assert [one.eway_no for one in numbers if one] == ["181000000002", ""]
    assert portal.heads[0]["client_id"] == "corner"


def test_a_carrier_is_read_before_anything_leaves(market: Market) -> None:
    wave = picked(market, market.place(("SOAP", 5)).order)

    done = market.deliveries.dispatch(
        wave.notes,
        vehicle="KA-01",
        driver="Om",
        carrier_gstin="27AAPFU0939F1ZX",
        distance="9000",
        by=BY,
        scope=EVERYTHING,
    )

    assert isinstance(done, Refused)
    assert [one.field for one in done.reasons] == ["carrier_gstin", "distance"]
    assert market.rows("SELECT count(*) FROM trip") == [(0,)]


@pytest.mark.parametrize(
    ("statement", "promise"),
    [
        ("UPDATE einvoice SET irn = 'x'", "einvoice_own"),
        ("UPDATE einvoice SET qr = 'a.b.c'", "einvoice_own"),
        ("UPDATE einvoice SET state = 'stuck'", "einvoice_cancelled"),
        ("UPDATE einvoice SET state = 'cancelling'", "einvoice_job"),
    ],
)
def test_the_audit_names_what_the_portal_has_otherwise(
    market: Market, portal: PortalServer, statement: str, promise: str
) -> None:
    make(market)
    work(market)
    assert portal.registry.given == 1
    assert market.broken() == set()

    market.change(statement)

    assert promise in market.broken()
