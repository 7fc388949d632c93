"""Answers and notices that fit into a packet: what is too large loses what its texts say anyway."""

from pathlib import Path

from msgspec.structs import replace

from broker.contract import Answer, Notice, NoticeData, Reason, decode_down, encode, encode_decision
from broker.contract.codec import MAX_PACKET_BYTES
from broker.contract.messages import Params

ROOT = Path(__file__).parents[3]


def _answer() -> Answer:
    kept = (ROOT / "tests" / "golden" / "wire" / "answer-codes.json").read_bytes()
    answer = decode_down(kept)
    assert isinstance(answer, Answer)
    return answer


def _with_reasons(count: int) -> Answer:
    answer = _answer()
    stock = {"available": 1, "quantity": 2, "product": "Rice " * 20}
    params: Params = {"stock": ["stock.product", stock], "rest": [["rest.within", {"days": 9}]]}
    reason = Reason(code="short_stock", text="1 of 2 " + "Rice " * 20, line=1, params=params)
    return replace(answer, data=replace(answer.data, reasons=[reason] * count))


def test_an_answer_that_fits_is_written_as_it_is() -> None:
    assert encode_decision(_answer()) == encode(_answer())


def test_a_large_answer_keeps_codes_and_texts_and_leaves_the_parameters_out() -> None:
    large = _with_reasons(600)

    written = encode_decision(large)
    read = decode_down(written)

    assert len(encode(large)) > len(written)
    assert len(written) < MAX_PACKET_BYTES
    assert isinstance(read, Answer)
    assert [(one.code, one.text) for one in read.data.reasons] == [
        (one.code, one.text) for one in large.data.reasons
    ]
    assert {len(one.params) for one in read.data.reasons} == {0}
    assert (read.data.near, read.data.near_codes) == (large.data.near, [])


def test_a_large_notice_keeps_its_lines_and_leaves_the_parameters_out() -> None:
    large = _with_reasons(600).data
    data = NoticeData(
        order=large.order,
        number=large.number,
        revision=2,
        status="confirmed",
        reasons=large.reasons,
        decision=replace(large, reasons=[]),
    )
    notice = Notice(id=_answer().id, term="shop-1", boot=1, at=1, data=data)

    written = encode_decision(notice)
    read = decode_down(written)

    assert len(encode(notice)) > len(written)
    assert len(written) < MAX_PACKET_BYTES
    assert isinstance(read, Notice)
    assert read.data.decision is not None
    assert read.data.decision.lines == large.lines
    assert [one.text for one in read.data.reasons] == [one.text for one in large.reasons]
    assert {len(one.params) for one in read.data.reasons} == {0}
