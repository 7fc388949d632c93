"""Groups of counters and changes of passwords in the browser; on a phone, in Hindi."""

import pytest
from playwright.sync_api import expect

from broker.contract import Status, StatusData, counter_hash
from hub.desk.terminals.wire.statuses import Heard
from hub.run.bootstrap import build_wire
from tests.builders.accessible import barriers
from tests.builders.market import new_uuid
from tests.fixtures.browser import PHONE, OpenAs, Site

pytestmark = pytest.mark.needs("chromium")


def test_a_group_is_made_a_counter_put_in_and_its_difference_seen(
    open_as: OpenAs, site: Site
) -> None:
    at = site.hub.ground.clock.now_ms()
    usual = counter_hash([], ask_quantity=1_000, ask_amount=0)
    data = StatusData(state="online", counter=usual, rotates=True)
    status = Status(id=new_uuid(), term="shop-1", boot=1, at=at, data=data)
    build_wire(site.hub, http="http://hub").hear.statuses([Heard(status)])

    page = open_as("/terminals", role="admin")
    page.get_by_role("link", name="Groups of counters").click()
    found = barriers(page)
    page.get_by_role("link", name="New group").click()
    page.locator("#f-code").fill("vans")
    page.locator("#f-name").fill("Vans of the north")
    page.locator("#f-payments").select_option("cash")
    page.locator("#f-ask_quantity").fill("240")
    page.get_by_role("button", name="Set").click()
    expect(page.get_by_role("heading", name="Vans of the north")).to_be_visible()
    page.locator("#terminal").fill("shop-1")
    page.get_by_role("button", name="Put into the group").click()
    expect(page.locator("#counters")).to_contain_text("as the group")
    expect(page.locator("#counters")).to_contain_text("Behind")
    found += barriers(page)
    page.locator("#counters").get_by_role("link", name="shop-1").click()
    page.locator("#f-ask_quantity").fill("24")
    page.get_by_role("button", name="Set").click()
    page.wait_for_url("**/terminals")
    page.goto("/terminals/shop-1/counter")
    expect(page.locator("#form")).to_contain_text("not as the group")
    found += barriers(page)
    page.goto("/terminals/shop-1")
    page.locator("#record-more summary").click()
    page.locator("#record-more").get_by_role("button", name="Change the password").click()
    found += barriers(page)
    page.locator("#rotate button[type=submit]").click()
    expect(page.locator("#record")).to_contain_text("asked for by")
    found += barriers(page)

    phone = open_as("/counter-groups/vans", role="admin", screen=PHONE, locale="hi-IN")
    expect(phone.locator("#counters")).to_contain_text("24")
    found += barriers(phone)

    assert found == []
