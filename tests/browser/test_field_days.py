"""A phone over days and updates in a real Chromium: what it keeps reaches the hub all the same."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.builders.field_team import REP
from tests.builders.late_answers import LateAnswer
from tests.builders.market import Market
from tests.builders.phones import (  # noqa: F401 -- fixtures
    Open,
    open_phones,
    open_phones_market,
    sent,
    serve_market,
    states,
)
from tests.fixtures.browser import enter

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]
THREE_DAYS_MS = 3 * 24 * 60 * 60_000
QUEUE = 40
OLDER = """
async () => {
  // What a phone has kept that was not opened since before an update: a page with files of its own.
  const kept = await caches.open("orderwire-field");
  const page = await (await kept.match("/field")).text();
  const [file] = page.match(/\\/static\\/field-store\\.js[^"]*/);
  const code = await (await kept.match(file)).text();
  const older = "/static/field-store.js?v=before";
  const typed = (type) => ({headers: {"content-type": type}});
  await kept.put(older, new Response(`window.isOlder = true;\\n${code}`, typed("text/javascript")));
  await kept.put("/field", new Response(page.replaceAll(file, older), typed("text/html")));
}
"""
KEPT_FILES = """
async () => (await (await caches.open("orderwire-field")).keys()).map((one) => one.url)
"""


def note(page: Page, *texts: str) -> None:
    """Keep notes at an outlet."""
    page.evaluate(
        """async (texts) => {
          for (const text of texts) {
            await fieldStore.add({kind: "noted", outlet: "C2", about: "note", text, visit: null});
          }
        }""",
        list(texts),
    )


def test_an_app_that_is_updated_with_a_full_queue_sends_all_that_the_one_before_kept(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.evaluate(OLDER)
    page.context.set_offline(True)
    page.reload()
    assert page.evaluate("window.isOlder")
    note(page, *(f"before {number}" for number in range(QUEUE)))
    held = True

    def hold(route: Route) -> None:
        """Lose every upload while the page is changed for the newer one."""
        if held:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.context.route("**/field/entries", hold)
    page.context.set_offline(False)

    page.reload()
    expect(page.get_by_role("status")).to_contain_text(f"Waiting to be sent: {QUEUE}")
    assert not page.evaluate("window.isOlder ?? false")
    assert not [one for one in page.evaluate(KEPT_FILES) if one.endswith("v=before")]
    note(page, "after")
    held = False
    page.evaluate("fieldSync.soon()")

    sent(page, QUEUE + 1)
    assert market.rows("SELECT count(*), count(DISTINCT text) FROM interaction") == [
        (QUEUE + 1, QUEUE + 1)
    ]
    assert market.broken() == set()


def test_three_days_without_a_line_and_a_session_that_ran_out_lose_nothing(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.context.set_offline(True)
    note(page, "first day")
    market.clock.ms += THREE_DAYS_MS
    context = page.context
    page.close()

    cold = context.new_page()
    cold.goto("/field")
    note(cold, "third day")
    expect(cold.get_by_role("status")).to_contain_text("Waiting to be sent: 2")
    assert "/sign-in" not in cold.url
    context.set_offline(False)
    expect(cold.get_by_role("status")).to_contain_text("Sign in")
    assert states(cold) == ["waiting", "waiting"]
    cold.goto("/sign-in")
    enter(cold, REP)
    cold.goto("/field")

    sent(cold, 2)
    assert market.rows("SELECT text FROM interaction ORDER BY text") == [
        ("first day",),
        ("third day",),
    ]
    assert market.broken() == set()


def test_what_was_just_kept_is_not_hidden_by_an_older_answer_of_the_hub(phone: Open) -> None:
    page = phone()
    late = LateAnswer(page, "**/field/snapshot*")
    page.reload()
    late.await_hub()
    page.get_by_role("button", name="Begin the day").click()
    expect(page.locator("main")).to_contain_text("Since")

    with page.expect_response("**/field/snapshot*"):
        late.arrive()
    page.evaluate("fieldStore.all().then(() => true)")

    expect(page.locator("main")).to_contain_text("Since")
    expect(page.get_by_role("button", name="Begin the day")).to_be_hidden()


def test_goods_are_wanted_on_a_day_and_one_that_is_over_is_changed_and_sent_again(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.goto("/field#/outlet/C2")
    page.context.set_offline(True)
    page.get_by_role("link", name="Order", exact=True).click()
    page.get_by_role("searchbox").fill("TEA")
    page.get_by_role("searchbox").press("Enter")
    wanted = page.get_by_label("Wanted on")
    first = date.fromisoformat(wanted.get_attribute("min") or "")
    over, later = first - timedelta(days=1), first + timedelta(days=3)
    wanted.fill(over.isoformat())
    page.get_by_role("button", name="Place the order").click()
    page.goto("/field#/queue")
    expect(page.locator("article")).to_contain_text("wanted on")
    page.context.set_offline(False)

    expect(page.locator("article.refused p.bad")).not_to_be_empty()
    page.get_by_role("button", name="Change it and send again").click()
    expect(wanted).to_have_value(over.isoformat())
    wanted.fill(later.isoformat())
    page.get_by_role("button", name="Place the order").click()
    sent(page, 1)

    kept = market.rows("SELECT delivery_date FROM order_revision")
    assert [str(one) for (one,) in kept] == [later.isoformat()]
    assert market.broken() == set()
