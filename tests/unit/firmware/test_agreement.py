"""The firmware agrees with the contract and with the other counter; it imports neither."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Final, Literal, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from broker.contract import StatusData, UpdateSaid, ids, topics
from broker.contract.facts import counter_hash
from docs.renew_firmware import TARGET, constants
from firmware.app.postbox import Postbox
from firmware.codes import gs1, own
from firmware.codes import reading as codes
from firmware.core import reading, wire, writing
from firmware.core.clocks import civil
from firmware.core.reports import sheet_rows
from firmware.fetched.software import Software
from rules.values.gtin import check_digit_fits
from simulators.devices import PrinterProfile
from terminal.core import codes as counter_codes
from terminal.core.codes import SHORT_CODES
from terminal.core.codes.awaited import Purpose
from tests.builders.firmware_slips import golden_answer_slip
from tests.fixtures.printers import codes_in, only_slip

SCANNED = st.one_of(
    st.text("0123456789", min_size=1, max_size=40),
    st.text("0123456789()\x1d]CdQ12", max_size=40),
    st.builds("01{}{}{}".format, st.text("0123456789", min_size=14, max_size=14), st.sampled_from(
        ["10A\x1d37", "17270101", "30", "(30)", "3103000123", "21X\x1d30", "10A|37", "10A{GS}30"]
    ), st.text("0123456789", max_size=9)),
    st.builds("{}01{}30{}".format, st.sampled_from(["", "]C1", "|", "\x1d", "(01)"]),
    st.sampled_from(["08901234567890", "00012345678905"]), st.text("0123456789\x1d|", max_size=12)),
    st.builds("{}{}".format, st.sampled_from(["]E0", "]E3", "]E4", ""]), st.text(
        "0123456789", min_size=6, max_size=18
    )),
    st.builds("{}{}{}{}".format, st.sampled_from(["]E0", "]E3", ""]), st.sampled_from(
        ["9771234567003", "977123450008", "9789999999991", "8901234567890"]
    ), st.sampled_from(["", " "]), st.text("0123456789", min_size=2, max_size=5)),
    st.builds("{}{}{}".format, st.sampled_from(["", "]E0", "]E4"]), st.sampled_from("01"),
        st.text("0123456789", min_size=7, max_size=7)),
    st.builds("{}01{}310{}{}{}".format, st.sampled_from(["", "]C1", "\x1d"]), st.sampled_from(
        ["98901234567893", "08901234567890"]
    ), st.integers(0, 9), st.sampled_from(["001500", "000001"]), st.sampled_from(["", "302"])),
    st.builds("(01){}{}({}){}".format, st.sampled_from(["98901234567893", "08901234567890"]),
        st.sampled_from(["", " ", "(10)A "]), st.sampled_from(["30", "37", "3103", "17", "3x"]),
        st.text("0123456789(", max_size=7)),
    st.builds("2{}{}".format, st.integers(0, 9), st.text("0123456789", min_size=11, max_size=11)),
    st.builds("{}{}".format, st.sampled_from(["http://", "HTTPS://a.b/01/"]), st.text("019/?=")),
    st.builds("https://a.b/{}/{}{}{}{}".format, st.sampled_from(["01", "gtin", "x/01", "%30%31"]),
        st.sampled_from(["08901234567890", "8901234567890", "98901234567893", "89012345", "1"]),
        st.sampled_from(["", "/10/A", "/lot/%41%2f", "/310%33/001500", "/10", "/"]),
        st.sampled_from(["", "?30=6", "?a&37=+2", "?30=%36&x=1", "?30=", "?17=270131&lot=%zz"]),
        st.sampled_from(["", "#", "#30=4", "?"])),
    st.builds("{}{}".format, st.sampled_from(
        ["OW-", "ow-QTY-", "OW-UNIT-", "COUPON:", "OW-COUPON-", "]C1", "]E0"]
    ), st.text("ABC019- \x1d", max_size=70)),
)  # fmt: skip
ID: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
DONE_BY_BOTH = {
    *(set(counter_codes.PLAIN_COMMANDS) - set(codes.NOT_HERE)),
    *("QTY", "UNIT", "COUPON", "DIGIT", "COLUMNS"),
}
"""The commands of the sheet that the firmware does."""
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=20,
)


def test_the_committed_constants_are_those_of_the_contract() -> None:
    assert TARGET.read_text("utf-8") == constants(), "run `python docs/renew_firmware.py`"


class HostBoard:
    """A board that says what it is, and has no records."""

    folder = "/nowhere"
    target = "host"
    takes_updates = True

    def wake(self) -> None:
        """Have nobody to wake."""


def test_a_birth_says_all_that_the_contract_has_of_a_terminal() -> None:
    board = HostBoard()
    software = Software(board)
    software.want({"manifest": "AAAA", "signature": "BBBB"})
    software.became("refused", "software_older", "x" * 400)
    journal = SimpleNamespace(shop={}, last_seq=4, count_slips=lambda: 0)
    card = SimpleNamespace(id="0" * 32, halted=False)
    said = {"id": ID, "term": "shop-1", "boot": 1, "seq": 0, "at": 5, "ref": None}
    desk = SimpleNamespace(
        journal=journal, card=card, outbox=[], printer="ok", start=1, envelope=lambda: said,
        software=software,
    )  # fmt: skip

    birth = Postbox(desk).status("online")

    told = json.loads(birth)["data"]
    assert set(told) == {one.name for one in fields(StatusData)}
    assert (told["state"], told["numbered_to"], told["counter"]) == ("online", 4, "0" * 64)
    update = msgspec.convert(told["update"], UpdateSaid)
    assert set(told["update"]) == {one.name for one in fields(UpdateSaid)}
    assert (update.machine, update.state, update.code) == ("host", "refused", "software_older")
    assert update.manifest == hashlib.sha256(b"\0\0\0").hexdigest()
    board.takes_updates = False
    assert json.loads(Postbox(desk).status("online"))["data"]["update"] is None


@given(st.text("abcxyz0189-", min_size=1, max_size=32))
def test_topics_are_the_contract_s(terminal: str) -> None:
    assert wire.topic(terminal, "up", "order") == topics.up(terminal, "order")
    assert wire.topic(terminal, "down", "#") == topics.any_down(terminal)


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_ids_are_the_contract_s(now_ms: int, random: bytes) -> None:
    assert wire.uuid7(now_ms, random) == ids.uuid7(now_ms, random)


@given(SCANNED)
def test_a_code_is_the_same_on_both_counters(raw: str) -> None:
    here, there = codes.read_code(raw), counter_codes.read_code(raw)

    match there:
        case counter_codes.ProductRead(measure=measure):
            assert (here.kind, here.code, here.quantity) == ("product", there.gtin, there.quantity)
            assert here.instead == there.instead
            assert here.grams == (measure.amount if measure else None)
            assert here.batch == there.batch
        case counter_codes.OtherRead():
            assert (here.kind, " ".join(here.code.split())) == ("other", there.code)
        case counter_codes.CommandRead(command=command) if command not in DONE_BY_BOTH:
            assert here.kind == "bad"
        case counter_codes.CommandRead("QTY" | "DIGIT" | "COLUMNS"):
            assert (here.kind, here.quantity) == (there.command, there.number)
        case counter_codes.CommandRead():
            assert (here.kind, here.code) == (there.command, there.name)
        case counter_codes.BadRead():
            assert here.kind == "bad"


@pytest.mark.parametrize(
    "code",
    [
        *counter_codes.PLAIN_COMMANDS,
        "BATCH-B7",
        "FREE-HONEY",
        "7",
        "UNIT-CASE",
        "QTY-3",
        "CUSTOMER-C2",
        "OPERATOR-1",
        "COLUMNS-48",
    ],
)
def test_a_command_of_the_sheet_is_done_or_refused_by_name(code: str) -> None:
    command = counter_codes.read_code(f"OW-{code}")
    assert isinstance(command, counter_codes.CommandRead)

    here = codes.read_code(f"OW-{code}")

    if command.command in DONE_BY_BOTH:
        assert here.kind == command.command
    else:
        assert here.kind == "bad"
        assert here.why.startswith(f"this terminal does not do OW-{code}: ")


def test_the_commands_that_are_about_the_next_code_are_the_same_on_both_counters() -> None:
    assert set(codes.THEN_A_CODE) == set(get_args(Purpose)) - set(codes.NOT_HERE)
    assert dict(SHORT_CODES) == codes.SHORT_CODES
    assert codes.RULED_COLUMNS == counter_codes.RULED_COLUMNS


def test_the_sheet_has_every_command_that_is_done_here() -> None:
    on_the_sheet = {
        text.removeprefix("OW-") for style, text, _, _ in sheet_rows("shop") if style == "barcode"
    }

    short = dict(SHORT_CODES)
    named = {short.get(one, one) for one in counter_codes.PLAIN_COMMANDS}
    assert named - set(codes.NOT_HERE) - {"PRICE-SLIP"} <= on_the_sheet
    assert all(codes.read_code(f"OW-{one}").kind != "bad" for one in on_the_sheet)


@given(
    st.lists(st.sampled_from(["credit", "cash", "advance"]), max_size=3),
    st.integers(0, 2**40),
    st.integers(0, 2**40),
)
def test_what_a_counter_was_told_has_the_contract_s_name(
    payments: list[str], quantity: int, amount: int
) -> None:
    there = counter_hash(payments, ask_quantity=quantity, ask_amount=amount)

    assert wire.counter_hash(payments, quantity, amount) == there


@given(
    st.builds("02{}".format, st.text("0123456789", min_size=12, max_size=12)),
    st.lists(
        st.tuples(st.sampled_from(["21", "02", "2"]), st.integers(1, 9), st.sampled_from(
            ["weight", "price", "count"]
        )), max_size=2,
    ),
    st.sampled_from(["g", "KG", "PCS"]),
)  # fmt: skip
def test_a_shop_s_own_codes_are_read_alike(
    gtin: str, rows: list[tuple[str, int, Literal["weight", "price", "count"]]], unit: str
) -> None:
    table = [counter_codes.OwnPrefix(*row) for row in rows]

    there = counter_codes.read_own(gtin, table)

    here = own.read_own(gtin, [list(row) for row in rows])
    assert here == (there and (there[0], there[1].kind, there[1].amount))
    if there is not None:
        measure = there[1]
        assert own.counted(measure.kind, measure.amount, unit) == (
            counter_codes.counted(measure, unit) or 0
        )


@given(st.text("0123456789", min_size=1, max_size=20))
def test_check_digits_fit_alike(digits: str) -> None:
    assert gs1.check_digit_fits(digits) == check_digit_fits(digits)


@given(JSON)
def test_what_is_written_is_read_again(value: object) -> None:
    assert json.loads(writing.written(_pairs(value))) == value


@given(JSON)
def test_spans_are_where_a_reader_of_the_whole_finds_them(value: object) -> None:
    text = json.dumps({"before": 1, "value": value}, indent=1).encode()

    spans = reading.members(text)

    assert reading.value_of(text, spans["value"]) == value


@given(st.binary(max_size=200))
def test_bytes_that_are_no_message_are_refused_and_nothing_else(payload: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # each fault has its own words
        wire.read_down(payload)


@given(st.integers(0, 60_000))
def test_days_are_those_of_the_calendar(days: int) -> None:
    day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)

    assert civil(days) == (day.year, day.month, day.day)


@given(st.data())
def test_a_damaged_answer_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(Path("tests/golden/wire/answer.json").read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] = data.draw(st.integers(0, 255))

    try:
        message = wire.read_down(bytes(whole))
    except ValueError:
        return
    assert message.kind == "answer"


@pytest.mark.parametrize("columns", [32, 48])
def test_a_printer_that_somebody_else_wrote_reads_the_slip(columns: int) -> None:
    profile = PrinterProfile(width=columns * 12)

    slip = only_slip(golden_answer_slip(columns), profile)

    assert "CONFIRMED" in slip.text.replace(" ", "")
    codes = {"QR Code": "0199c82c-c3e8-7000-8000-000000001ef2"}
    if columns == 48:
        codes["Code 128"] = "anand-stores-41"
    assert codes_in(slip.png()) == codes
    assert slip.text.count("anand-stores-41") == 2


def _pairs(value: object) -> object:
    if isinstance(value, dict):
        return tuple((name, _pairs(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return [_pairs(inner) for inner in value]
    return value
