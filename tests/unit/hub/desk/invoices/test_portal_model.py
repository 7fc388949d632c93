"""The portal of e-invoices without one: IRNs, what it answers, what it takes in each field."""

import base64
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from hub.desk.invoices.model.billing import InvoiceLine
from hub.desk.invoices.model.eway import Trip, missing_of_eway, write_eway
from hub.desk.invoices.model.gst_files import check_document, encode_file, fold_lines, write_inv01
from hub.desk.invoices.model.portal_fields import faults_of_file
from hub.desk.invoices.model.portal_qr import PortalKey, QrMismatchError, check_qr
from hub.desk.invoices.model.registration import (
    ForeignAnswerError,
    Known,
    NotTaken,
    PortalAnswerError,
    Registered,
    Terms,
    irn_of,
    read_answer,
    read_cancelled,
    why_unneeded,
)
from hub.desk.parties.model.sides import Side
from rules import Minor, Rate, TaxPart
from simulators.portal.registry import Registry, write_code
from simulators.portal.signing import make_signer

SELLER = Side("@house", "Corner", "29AAPFU0939F1ZR", "", "1 Main Road", "Town", "560001", "29")
BUYER = Side("C1", "Shop", "27AAPFU0939F1ZV", "registered", "2 Road", "Town", "411001", "27")
ROW: dict[str, Any] = {
    "kind": "invoice",
    "number": "INV26-27/000001",
    "day": date(2026, 11, 2),
    "scale": 2,
    "reverse_charge": False,
    "net": 1_010,
    "round_off": 0,
    "payable": 1_061,
}
HEADS = (TaxPart("IGST", Rate(50_000), Minor(51)),)
LINE = InvoiceLine(
    *(1, (1, False, 1), 1, 1, "TEA", "Tea", "0902", "PCS", 1, 101_000, 1_010, 0, 1_010, HEADS)
)
IRN = irn_of(SELLER.gstin, year="2026-27", kind="invoice", number=ROW["number"])


def written(**changed: Any) -> dict[str, Any]:
    """Write a document with other sides or lines."""
    sides = {"seller": SELLER, "buyer": BUYER, "lines": [LINE], **changed}
    return write_inv01({**ROW, **changed.pop("row", {})}, **sides)


def igst(amount: int) -> tuple[TaxPart, ...]:
    """Give the head of tax of a line at 5 %."""
    return (TaxPart("IGST", Rate(50_000), Minor(amount)),)


def given(**changed: object) -> bytes:
    """Write what the portal gives for the document, with some of it changed."""
    taken = Registry().register(
        json.loads(encode_file(written())), at=datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
    )
    said = {
        "AckNo": 112_610_000_000_001,
        "AckDt": "2026-11-02 15:30:00",
        "Irn": taken.irn,
        "SignedQRCode": write_code(taken),
        "Status": "ACT",
        **changed,
    }
    return json.dumps({"Status": 1, "Data": said}).encode()


def objection(code: str, words: str = "no", known: str = "") -> bytes:
    """Write an objection of the portal, with the IRN that it knows the document by."""
    info = [{"InfCd": "DUPIRN", "Desc": {"Irn": known}}] if known else None
    said = {"Status": 0, "ErrorDetails": [{"ErrorCode": code, "ErrorMessage": words}]}
    return json.dumps({**said, "InfoDtls": info}).encode()


def answer(body: bytes, status: int = 200) -> object:
    """Read an answer about the document."""
    return read_answer(status, body, irn=IRN, number=ROW["number"])


def test_an_irn_is_the_hash_that_the_portals_pages_define() -> None:
    assert (
        irn_of("29AAFCC9980M1ZR", year="2019-20", kind="invoice", number="2019-20/KA/1")
        == "23f498ee41441ecad30f72ba5b9907506c3df70a17b0e0dff46b76a786400662"
    )
    one = irn_of("29AAFCC9980M1ZR", year="2019-20", kind="invoice", number="a/1")
    assert one == irn_of("29AAFCC9980M1ZR", year="2019-20", kind="invoice", number="A/1")
    assert one != irn_of("29AAFCC9980M1ZR", year="2019-20", kind="credit_note", number="A/1")


def test_what_the_portal_gave_is_read_as_it_comes() -> None:
    plain = answer(given())
    told = json.loads(given())
    wrapped = answer(json.dumps({"Status": "1", "Data": json.dumps(told["Data"])}).encode())

    assert isinstance(plain, Registered)
    assert plain == wrapped
    assert (plain.irn, plain.ack_no) == (IRN, "112610000000001")
    assert plain.ack_at_ms == int(datetime(2026, 11, 2, 10, 0, tzinfo=UTC).timestamp()) * 1000
    assert plain.is_active
    gone = answer(given(Status="CNL"))
    assert isinstance(gone, Registered)
    assert not gone.is_active


@pytest.mark.parametrize(
    "body",
    [
        given(Irn="f" * 64),
        given(SignedQRCode="not.a.code"),
        given(SignedQRCode=""),
        given(SignedQRCode="YQ.eyJkYXRhIjogIntcIkRvY05vXCI6IDF9In0.YQ"),
        objection("2150", known="e" * 64),
    ],
)
def test_an_answer_about_another_document_is_not_kept(body: bytes) -> None:
    with pytest.raises(ForeignAnswerError):
        answer(body)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html><body>Under maintenance</body></html>"),
        (200, b""),
        (200, b"[]"),
        (503, b"{}"),
        (200, b'{"Status": 1, "Data": {}}'),
        (200, b"[" * 100_000),
        (401, objection("1005", "Invalid Token")),
        (200, objection("2146", "Pls. try after some time")),
        (200, given(AckDt="yesterday")),
    ],
)
def test_what_says_nothing_of_the_document_is_no_objection_to_it(status: int, body: bytes) -> None:
    with pytest.raises(PortalAnswerError):
        answer(body, status)


def test_a_document_that_is_known_already_is_known_under_its_own_irn() -> None:
    assert answer(objection("2150", known=IRN)) == Known(IRN)
    assert answer(objection("2150")) == Known(IRN)


def test_objections_keep_the_portals_words_and_say_what_is_to_be_mended() -> None:
    told = answer(objection("2176", "Invalid HSN code"))
    unknown = answer(objection("9876", "x" * 1_000))

    assert isinstance(told, NotTaken)
    assert isinstance(unknown, NotTaken)
    assert [(one.text, one.mend) for one in told.refusals] == [("Invalid HSN code", "product")]
    assert (len(unknown.refusals[0].text), unknown.refusals[0].mend) == (300, "other")


def test_a_cancellation_is_done_also_where_it_was_done_before() -> None:
    done = json.dumps({"Status": 1, "Data": {"Irn": IRN, "CancelDate": "x"}}).encode()
    foreign = done.replace(IRN.encode(), b"f" * 64)

    assert read_cancelled(200, done, irn=IRN) is None
    assert read_cancelled(200, objection("9999"), irn=IRN) is None
    late = read_cancelled(200, objection("2270", "time is over"), irn=IRN)
    assert late is not None
    assert late.refusals[0].mend == "time"
    with pytest.raises(ForeignAnswerError):
        read_cancelled(200, foreign, irn=IRN)


@pytest.mark.parametrize(
    ("seller", "buyer", "terms", "why"),
    [
        (SELLER, BUYER, Terms(is_on=True), None),
        (SELLER, BUYER, Terms(), "off"),
        (replace(SELLER, gstin=""), BUYER, Terms(is_on=True), "no_seller_gstin"),
        (SELLER, replace(BUYER, gstin=""), Terms(is_on=True), "no_buyer_gstin"),
        (SELLER, BUYER, Terms(is_on=True, since=date(2026, 11, 2)), None),
        (SELLER, BUYER, Terms(is_on=True, since=date(2026, 11, 3)), "before"),
    ],
)
def test_who_has_to_register_is_said_by_both_sides_and_the_day(
    seller: Side, buyer: Side, terms: Terms, why: str | None
) -> None:
    assert why_unneeded(ROW, seller=seller, buyer=buyer, terms=terms) == why


@pytest.mark.parametrize(
    ("changed", "code", "name"),
    [
        ({"buyer": replace(BUYER, name="AB")}, "portal_length", "LglNm"),
        ({"buyer": replace(BUYER, city="Ox")}, "portal_length", "Loc"),
        ({"buyer": replace(BUYER, pin="99")}, "portal_range", "Pin"),
        ({"lines": [replace(LINE, hsn="12345")]}, "portal_form", "HsnCd"),
        ({"lines": [replace(LINE, hsn="00000000")]}, "portal_form", "HsnCd"),
        ({"lines": [replace(LINE, gross=-1, net=-1)]}, "portal_range", "TotAmt"),
        ({"lines": []}, "portal_lines", ""),
    ],
)
def test_each_field_is_told_that_the_portal_would_not_take(
    changed: dict[str, Any], code: str, name: str
) -> None:
    assert list(faults_of_file(written())) == []

    faults = list(faults_of_file(written(**changed)))

    assert (faults[0].code, faults[0].field) == (code, name)


def test_what_a_credit_note_takes_back_comes_off_a_line_of_its_rate() -> None:
    kept = replace(LINE, number=2, quantity=1, gross=-400, net=-400, heads=igst(-20))
    nil = replace(LINE, number=3, quantity=5, gross=900, net=900, heads=())

    (first, second) = fold_lines([LINE, kept, nil], scale=2)

    assert (first.quantity, first.gross, first.discount, first.net) == (1, 1_010, 400, 610)
    assert first.heads == igst(31)
    assert second == nil
    assert first.total + second.total == LINE.total + kept.total + nil.total
    assert not list(faults_of_file(written(lines=[LINE, kept, nil])))


def test_a_paisa_of_a_discount_spread_anew_keeps_no_credit_note_from_the_portal() -> None:
    less = replace(LINE, number=2, quantity=0, gross=0, discount=1, net=-1, heads=())
    more = replace(LINE, number=2, quantity=0, gross=0, discount=-1, net=1, heads=())

    (off,) = fold_lines([LINE, less], scale=2)
    (_, on) = fold_lines([LINE, more], scale=2)

    assert (off.discount, off.net, off.heads) == (1, 1_009, HEADS)
    assert (on.gross, on.discount, on.net) == (1, 0, 1)
    assert not list(faults_of_file(written(lines=[LINE, less])))
    assert not list(faults_of_file(written(lines=[LINE, more])))


def test_what_is_less_than_nothing_and_fits_nowhere_is_told() -> None:
    other = replace(LINE, number=2, gross=-400, net=-400, heads=())

    codes = {reason.code for reason in faults_of_file(written(lines=[LINE, other]))}

    assert fold_lines([LINE, other], scale=2) == [LINE, other]
    assert codes == {"portal_range"}


def test_texts_of_people_are_written_so_that_the_portal_takes_them() -> None:
    messy = replace(BUYER, name='The "Corner"\\ Shop\n', phone="+91 98450-12345", email="x@y")

    said = written(buyer=messy)

    assert said["BuyerDtls"]["LglNm"] == "The Corner Shop"
    assert said["BuyerDtls"]["Ph"] == "919845012345"
    assert "Em" not in said["BuyerDtls"]
    assert list(faults_of_file(said)) == []
    missing = check_document(ROW, said, seller=SELLER, buyer=replace(messy, pin=""))
    assert [one.code for one in missing] == ["invoice_address"]


def test_an_e_way_bill_names_vehicle_carrier_and_distance() -> None:
    trip = Trip(7, "mh-12 AB 1234", "Fast Roads", "27AAPFU0939F1ZV", 840)

    with_trip = written(trip=trip)
    said = write_eway(ROW, seller=SELLER, buyer=BUYER, ship=None, lines=[LINE], trip=trip)
    (bill,) = said["billLists"]

    assert list(faults_of_file(with_trip)) == []
    assert with_trip["EwbDtls"] == {
        "TransMode": "1",
        "Distance": 840,
        "VehNo": "MH12AB1234",
        "VehType": "R",
        "TransId": "27AAPFU0939F1ZV",
        "TransName": "Fast Roads",
    }
    assert (bill["vehicleNo"], bill["transDistance"]) == ("MH12AB1234", "840")
    assert (bill["toStateCode"], bill["igstValue"]) == (27, Decimal("0.51"))
    assert bill["itemList"][0]["igstRate"] == 5


@pytest.mark.parametrize(
    ("row", "trips", "code"),
    [
        ({"kind": "credit_note"}, [Trip(1, "KA01")], "eway_of_credit_note"),
        ({}, [], "eway_not_sent"),
        ({}, [Trip(1, "KA01"), Trip(2, "KA02")], "eway_trips"),
        ({}, [Trip(1, "van")], "eway_vehicle"),
    ],
)
def test_what_an_e_way_bill_lacks_is_told(
    row: dict[str, Any], trips: list[Trip], code: str
) -> None:
    sides = {"seller": SELLER, "buyer": BUYER, "ship": None}

    faults = list(missing_of_eway({**ROW, **row}, **sides, trips=trips))  # type: ignore[arg-type]

    assert [one.code for one in faults] == [code]


def test_a_signature_holds_for_its_own_text_and_key_alone() -> None:
    (sign, public), (_, other) = make_signer(), make_signer()
    own, foreign = key_of(public), key_of(other)
    text = b"what is said"

    assert own.has_signed(text, sign(text))
    assert not own.has_signed(text + b".", sign(text))
    assert not own.has_signed(text, sign(text)[:-1])
    assert not own.has_signed(text, b"\0" * 256)
    assert not own.has_signed(text, b"\xff" * 256)
    assert not foreign.has_signed(text, sign(text))


@pytest.mark.parametrize("head", [{"alg": "none"}, {"alg": "HS256"}, [], "RS256"])
def test_a_code_that_names_another_way_of_signing_is_none(head: object) -> None:
    sign, public = make_signer()
    said = json.dumps({"data": {"Irn": IRN, "DocNo": ROW["number"]}})
    parts = [base64.urlsafe_b64encode(one.encode()) for one in (json.dumps(head), said)]
    text = b".".join(parts)
    code = (text + b"." + base64.urlsafe_b64encode(sign(text))).decode()

    check_qr(code, irn=IRN, number=ROW["number"])
    with pytest.raises(QrMismatchError, match="not signed"):
        check_qr(code, irn=IRN, number=ROW["number"], keys=(key_of(public),))


def key_of(public: str) -> PortalKey:
    """Read a public key by another way than the hub does."""
    key = load_pem_public_key(public.encode())
    assert isinstance(key, RSAPublicKey)
    return PortalKey(key.public_numbers().n, key.public_numbers().e)
