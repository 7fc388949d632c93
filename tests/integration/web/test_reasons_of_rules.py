"""What a rule says of an order that it holds, as staff read it on the order's page."""

import re
from html import unescape
from pathlib import Path

from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from tests.builders.market import open_copy, packed
from tests.builders.page_client import PageClient
from tests.builders.two_sellers import enter

CREDIT = """
credit:
  - {id: BIG, text: {en: a large order, hi: बड़ा ऑर्डर}, then: approve, route: DESK}
approvals:
  - {id: DESK, levels: [{role: clerk}]}
"""


def reasons_on(page: str) -> list[str]:
    """Read what is said of the decision, below who decides."""
    _, found = re.findall(r'<ul class="ow-reasons[^>]*>(.*?)</ul>', page, re.DOTALL)
    lines = re.findall(r"<li.*?>(.*?)</li>", found, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", line)).split()) for line in lines]


def test_a_credit_rule_says_once_what_is_wrong_in_the_language_of_the_page(
    sqlite_market: Path, tmp_path: Path
) -> None:
    with (
        open_copy(sqlite_market, tmp_path) as market,
        PageClient(
            create_app(frame_of(market.hub)),
            base_url="http://hub.test",
            headers={"Origin": "http://hub.test"},
            follow_redirects=False,
        ) as client,
    ):
        market.publish(packed(2, more=CREDIT))
        answer = market.place(("SOAP", 1))
        enter(market, client, "vikram", "admin")

        english = reasons_on(client.get(f"/orders/{answer.order}").text)
        client.post("/language", data={"language": "hi"})
        hindi = reasons_on(client.get(f"/orders/{answer.order}").text)

    assert (english, hindi) == (["a large order"], ["बड़ा ऑर्डर"])
