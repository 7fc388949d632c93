"""Questions about who pays for schemes."""

from zoneinfo import ZoneInfo

import pytest

from hub.base.access import EVERYTHING
from hub.desk.assistant.model.replies import Understood
from hub.desk.assistant.reads.asking import read_asked
from hub.desk.reports.model.requests import Named
from tests.builders.claims import fund, given
from tests.builders.market import Market
from tests.builders.money import billed, delivered
from tests.suites.hub.test_reports import answered

pytestmark = pytest.mark.one_engine


def test_a_question_about_a_funder_s_claims_means_the_funder(market: Market) -> None:
    fund(market)
    billed(market, delivered(market, ("TEA", 10), ("SOAP", 20)))

    def asked(text: str) -> dict[str, object]:
        reply = read_asked(market.hub.ground, text, scope=EVERYTHING, zone=ZoneInfo("UTC"))
        assert isinstance(reply, Understood), reply
        return {"report": reply.request.report, **dict(reply.request.filters)}

    by_code, by_name = asked("claims of LEAF"), asked("claims of Hive Works")
    leaf = answered(market, "claims", ("funder", Named("LEAF", "LEAF")))

    assert by_code == {"report": "claims", "funder": Named("LEAF", "LEAF")}
    assert by_name == {"report": "claims", "funder": Named("Hive Works", "HIVE")}
    assert leaf.totals["to_claim"] == sum(
        amount for (_, funder), amount in given(market).items() if funder == "LEAF"
    )
    assert leaf.totals["to_claim"] > 0
