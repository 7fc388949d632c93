"""The field's reports as a manager asks for them in a real Chromium."""

import re

import pytest
from playwright.sync_api import expect

from tests.builders.field_team import AT_C2, REP, entry, keep, session_of
from tests.builders.hub_records import Shelves
from tests.builders.market import Market
from tests.builders.phones import (  # noqa: F401 -- fixtures
    open_phones_market,
    serve_market,
)
from tests.fixtures.browser import OpenAs

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]


def test_a_manager_asks_for_compliance_in_words_and_goes_from_a_beat_to_its_outlets(
    open_as: OpenAs, market: Market
) -> None:
    Shelves(market.database).user("meena", "manager")
    rep = session_of(market, REP)
    keep(market, rep, entry("day_begun"))
    keep(market, rep, entry("visit_begun", outlet="C2", place=AT_C2))
    page = open_as("/", user="meena")

    page.goto("/ask?q=beat+wise+visit+compliance+this+month")
    row = page.get_by_role("row").filter(has_text="Station road")
    expect(row).to_contain_text("50")
    row.get_by_role("link", name="Station road").first.click()

    expect(page).to_have_url(re.compile(r"beat="))
    page.goto("/ask?q=shops+ravi+missed+this+week")
    expect(page.get_by_role("row").filter(has_text="First Shop")).to_contain_text("1")
    page.goto("/ask?q=who+is+absent+today")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()


def test_a_leave_that_waits_for_a_word_stands_on_the_first_page_until_it_is_decided(
    open_as: OpenAs, market: Market
) -> None:
    Shelves(market.database).user("meena", "manager")
    keep(market, session_of(market, REP), entry("leave", day="2026-11-23", why="wedding"))
    page = open_as("/", user="meena")

    page.get_by_role("link", name="day of leave waits for a word").click()
    page.get_by_role("row").filter(has_text="wedding").get_by_role("button", name="Grant").click()

    expect(page.get_by_role("row").filter(has_text="wedding")).to_contain_text("granted")
    page.goto("/")
    expect(page.get_by_text("waits for a word")).to_have_count(0)


def test_a_manager_s_page_shows_who_is_where_while_the_day_goes_on(
    open_as: OpenAs, market: Market
) -> None:
    Shelves(market.database).user("meena", "manager")
    rep = session_of(market, REP)
    keep(market, rep, entry("day_begun", place=AT_C2))
    desk = open_as("/field/team", user="meena")
    row = desk.locator("#team-today").get_by_role("row").filter(has_text=REP)
    expect(row).to_contain_text("0 of 2")
    expect(desk.locator("#live")).not_to_contain_text("Connecting")

    begun = entry("visit_begun", outlet="C2", place=AT_C2)
    keep(market, rep, begun)

    expect(row).to_contain_text("Second Shop")
    expect(row).to_contain_text("1 of 2")
