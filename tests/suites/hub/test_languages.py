"""A terminal is answered, and told of changes, in the language of its slips."""

import pytest

from broker.contract import Status, StatusData
from rules import sentence
from tests.builders.market import Market, new_uuid, packed

pytestmark = pytest.mark.one_engine


def speak(market: Market, language: str | None) -> None:
    """Have a terminal say what it speaks."""
    data = StatusData(state="online", language=language)
    status = Status(id=new_uuid(), term="shop-1", boot=1, at=market.clock.ms, data=data)
    market.hears(status)


def test_answer_and_notice_are_in_the_terminals_language(market: Market) -> None:
    speak(market, "hi")

    answer = market.place(("RICE", 30), terminal="shop-1")
    market.orders.cancel(answer.order, by="asha", why="दुकान बंद")

    assert answer.reasons[0].code == "credit_limit_exceeded"
    assert "सीमा" in answer.reasons[0].text
    told = market.newest_notice().data.reasons[0]
    assert told.text == "डिस्ट्रीब्यूटर ने रद्द किया: दुकान बंद"


def test_who_says_nothing_of_a_language_is_answered_in_english(market: Market) -> None:
    speak(market, None)

    answer = market.place(("RICE", 30), terminal="shop-1")
    market.orders.cancel(answer.order, by="asha", why="shop shut")

    assert "limit" in answer.reasons[0].text
    assert market.newest_notice().data.reasons[0].text == (
        "cancelled by the distributor: shop shut"
    )


def test_what_a_credit_rule_says_is_in_the_language_of_who_reads_it(market: Market) -> None:
    credit = (
        "credit:\n  - id: BIG\n    text: {en: a large order, hi: बड़ा ऑर्डर}\n"
        "    then: approve\n    route: DESK\n"
        "approvals:\n  - {id: DESK, levels: [{role: clerk}]}\n"
    )
    market.publish(packed(2, more=credit))
    speak(market, "hi")

    answer = market.place(("SOAP", 1), terminal="shop-1")

    (reason,) = answer.reasons
    assert (answer.status, reason.code, reason.text) == ("held", "approval_required", "बड़ा ऑर्डर")
    assert sentence(reason, language="en", scale=2) == "a large order"
