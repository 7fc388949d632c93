"""What the lines of a slip say of gifts, discounts, packs and hostile names."""

from dataclasses import replace

import msgspec
import pytest

from broker.contract.messages import FreeLine, LineDiscount, Reason
from rules import COUNTER_LANGUAGES
from terminal.core.layout import as_text, lay_out
from terminal.core.pricing import FreeAmount
from terminal.core.slip import answer_slip, notice_slip, queued_slip
from tests.unit.terminal.core.test_slip import ANSWER, DISPATCHED, HEADING, LINES, ORDER, PRICED


def test_nothing_of_a_pack_is_told_in_the_base_unit() -> None:
    gone = msgspec.structs.replace(ANSWER.lines[0], qty=0, unit="CASE", pack_size=12)
    rows = answer_slip(HEADING, msgspec.structs.replace(ANSWER, lines=[gone]))

    assert "CASE = 0" not in as_text(lay_out(rows, 48), 48)


def test_a_hostile_name_reaches_the_slip_without_its_commands() -> None:
    name = "Cola\x1b@\x1dV\x00\x1bp0\u202e00.9"
    hostile = [replace(line, name=name, unit=name, size=2, batch=name) for line in LINES]
    rows = queued_slip(HEADING, ORDER, None, lines=hostile)

    text = as_text(lay_out(rows, 48), 48)

    assert "Cola@Vp000.9" in text
    assert not any(ord(char) < 32 and char != "\n" for char in text)
    assert "\u202e" not in text


def test_a_gift_stands_under_the_last_line_that_earned_it_and_at_the_end_where_none_did() -> None:
    cola, tea = (
        msgspec.structs.replace(ANSWER.lines[0], line=line, sku=sku, name=sku)
        for line, sku in ((1, "COLA"), (2, "TEA"))
    )
    gifts = [
        FreeLine(sku=sku, name=sku, qty=1, rule="", lines=lines)
        for sku, lines in (("BISCUIT", []), ("SPOON", [1]), ("GLASS", [2, 1]))
    ]
    answer = msgspec.structs.replace(ANSWER, lines=[tea, cola], free=gifts)

    text = as_text(lay_out(answer_slip(HEADING, answer), 48), 48)

    named = [word for word in text.split() if word in {"COLA", "TEA", "SPOON", "GLASS", "BISCUIT"}]
    assert list(dict.fromkeys(named)) == ["TEA", "COLA", "SPOON", "GLASS", "BISCUIT"]


def test_a_queued_slip_has_its_gifts_where_the_answer_has_them() -> None:
    gifts = [
        FreeAmount("HONEY", "HONEY", 1, lines=(1, 2)),
        FreeAmount("SPOON", "SPOON", 1, lines=(9,)),
        FreeAmount("GLASS", "GLASS", 1, lines=(3,)),
    ]
    told = queued_slip(HEADING, ORDER, replace(PRICED, free=tuple(gifts)), lines=LINES)

    words = {"COLA-600", "RICE-5KG", "TEA-250", "HONEY", "SPOON", "GLASS"}
    named = [word for word in as_text(lay_out(told, 48), 48).split() if word in words]

    in_turn = ["COLA-600", "RICE-5KG", "HONEY", "TEA-250", "GLASS", "SPOON"]
    assert list(dict.fromkeys(named)) == in_turn


def test_what_an_older_hub_does_not_tell_apart_is_told_in_one_sum() -> None:
    """A pack whose prices include tax tells its schemes without their amounts."""
    line = msgspec.structs.replace(ANSWER.lines[0], discounts=[LineDiscount(rule="COLA-3")])
    answer = msgspec.structs.replace(ANSWER, lines=[line], taxes=ANSWER.taxes[:1])

    text = as_text(lay_out(answer_slip(HEADING, answer), 48), 48)

    assert "       Discount                           -13.72\n       3 % from 12 bottles\n" in text
    assert "Tax                                        22.18" in text
    assert "CGST" not in text


def test_a_queued_slip_says_which_quantities_are_rounded() -> None:
    rounded = replace(PRICED, rounded=("10 Cola ordered, it goes by 12: 12 are sent",))

    text = as_text(lay_out(queued_slip(HEADING, ORDER, rounded, lines=LINES), 48), 48)

    assert "10 Cola ordered, it goes by 12: 12 are sent" in text


@pytest.mark.parametrize("language", COUNTER_LANGUAGES)
@pytest.mark.parametrize("code", ["order_delivered_part", "picked_short"])
def test_where_fewer_goods_come_the_sums_of_the_slip_before_are_not_said_to_hold(
    code: str, language: str
) -> None:
    heading = replace(HEADING, language=language)
    fewer = msgspec.structs.replace(
        DISPATCHED, reasons=[Reason(code=code, text="2 of 12 are not sent")]
    )

    slips = [notice_slip(heading, one) for one in (fewer, DISPATCHED)]

    said = [" ".join(as_text(lay_out(slip, 48), 48).split()) for slip in slips]
    holds, owed = (heading.voice.text(f"slip.lines_{one}") for one in ("hold", "fewer"))
    assert [holds in one for one in said] == [False, True]
    assert [owed in one for one in said] == [True, False]
