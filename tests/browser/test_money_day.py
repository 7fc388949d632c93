"""A day of money in Chromium: picked, brought and signed for, billed, registered, paid, taken back.

At its end every screen, file, paper and program says the same amounts, to the paisa.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, expect

from hub.base.access import EVERYTHING
from hub.base.papers import KeptPapers, PaperFile
from hub.desk.accounts.acts.give_statement import GiveStatement
from hub.desk.claims.acts.give_letter import GiveLetter
from hub.desk.invoices.acts.give_paper import GiveInvoicePaper
from hub.desk.payments.acts.give_paper import GivePaymentPaper
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from simulators.portal import PortalServer
from tests.builders.accessible import barriers
from tests.builders.claims import FUNDED, FUNDERS
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import FILES, NOON, Market, packed
from tests.builders.peopled_market import open_peopled
from tests.builders.portal import state_of, with_portal, work
from tests.builders.said_papers import Said
from tests.fixtures.browser import PHONE, READS_BARS, OpenAs, Screen, Site

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("money in chromium")]
_PRESSED: Final[tuple[Literal["button", "link"], ...]] = ("button", "link")
SMALL: Final = Screen(width=768, height=900)
SHEET: Final = Screen(width=703, height=1032)
"""What fits between the margins of A4."""
READABLE: Final = 120
AMOUNT: Final = re.compile(r"(?<![\d.,])\d[\d,]*\.\d\d(?![\d.])")
GST = """
taxes:
  - {id: GST-5, priority: 9, when: {tax_class: full}, heads: {CGST: 2.5, SGST: 2.5}}
"""


@pytest.fixture
def market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub with a user of each role, schemes that others pay for, and GST on tea."""
    with open_peopled(sqlite_market, tmp_path) as opened:
        opened.load(customers=FILES["customers.csv"] + FUNDERS)
        opened.publish(packed(version=2, more=FUNDED + GST))
        yield opened


@pytest.fixture
def portal(market: Market, tmp_path: Path) -> Iterator[PortalServer]:
    """Give a portal of e-invoices to which the hub's documents go."""
    with with_portal(market, tmp_path / "portal") as opened:
        yield opened


@pytest.fixture
def site(market: Market, portal: PortalServer) -> Site:
    """Serve the market's hub."""
    del portal
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


@dataclass(slots=True)
class Day:
    """An accountant at the desk and a driver on a phone, and what axe found wrong so far."""

    market: Market
    desk: Page
    phone: Page
    api: Callable[[str], Any]
    barriers: list[str] = field(default_factory=list)

    def look(self, page: Page) -> None:
        """Have a page looked at as it stands."""
        self.barriers.extend(barriers(page))

    def press(self, page: Page, name: str) -> None:
        """Press the button or follow the link of a name, until the page hears keys."""
        button, link = (page.get_by_role(role, name=name, exact=True) for role in _PRESSED)
        button.or_(link).first.click()
        page.wait_for_load_state()

    def pick(self, *orders: str) -> None:
        """Make a pick list of orders, and pick it: codes before the camera, the rest at once."""
        page = self.phone
        self.desk.goto("/deliveries/to-pick")
        for row in self.desk.locator("tbody input[name=key]").all():
            row.check()
        self.press(self.desk, "Pick")
        self.press(self.desk, "Pick (2)")
        expect(self.desk.locator("main")).to_contain_text("2 done")
        page.goto("/deliveries/waves/1")
        said = page.locator(".ow-camera p")
        page.get_by_role("button", name="Scan", exact=True).click()
        page.evaluate("window.shown = ['RICE']")
        expect(said).to_contain_text("1 picked: RICE")
        page.evaluate("window.shown = ['OIL']")
        expect(said).to_contain_text("OIL is not on this pick list")
        page.get_by_role("button", name="Close", exact=True).last.click()
        self.look(page)
        self.press(page, "All of it is here")
        self.press(page, "Finish picking")
        expect(page.get_by_role("link", name="Dispatch", exact=True)).to_be_visible()
        assert len(orders) == 2

    def send(self) -> None:
        """Send what was picked off."""
        page = self.phone
        self.press(page, "Dispatch")
        page.locator("#f-vehicle").fill("KA-01-1234")
        page.locator("#f-driver").fill("Om")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/deliveries/trips/1")
        self.look(page)

    def bring(self, note: int, *, back: Mapping[str, str], photo: Path) -> None:
        """Bring a note's goods: what comes back, who took the rest, signature and photo."""
        page = self.phone
        page.goto(f"/deliveries/{note}/outcome")
        page.locator("#f-receiver").fill("Asha Rao")
        for name, text in back.items():
            cell = page.locator(f"[name={name}]")
            cell.select_option(text) if name.startswith("reason") else cell.fill(text)
        sign(page)
        self.look(page)
        page.locator("#photo").set_input_files(photo)  # the form waits for it by itself
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile(rf"/deliveries/{note}$"))
        expect(page.get_by_role("img", name="Signature of Asha Rao")).to_be_visible()
        expect(page.get_by_role("img", name="Photo 1")).to_be_visible()
        self.look(page)

    def bill(self, order: str) -> int:
        """Bill an order, and give the invoice's id."""
        page = self.desk
        page.goto(f"/orders/{order}")
        self.press(page, "Make invoice")
        self.look(page)
        self.press(page, "Issue the invoice")
        page.wait_for_url(re.compile(r"/invoices/\d+$"))
        return int(page.url.rpartition("/")[2])

    def pay(self, amount: str, parts: Mapping[str, str]) -> None:
        """Take a cheque over several invoices, hand it to the bank, and hear that it bounced."""
        page = self.desk
        page.goto("/payments/new?fresh=1&customer=C2")
        page.locator("#f-amount").fill(amount)
        page.locator("#f-mode").select_option("cheque")
        page.locator("#f-reference").fill("000123")
        page.get_by_label("Pay what is due first").uncheck()
        for number_, part in parts.items():
            page.get_by_label(number_).fill(part)
        self.look(page)
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile(r"/payments/\d+$"))
        self.press(page, "Hand to the bank")

    def bounce(self) -> None:
        """Hear from the bank that the cheque is not good."""
        page = self.desk
        self.press(page, "Bounced")
        page.locator("#returned").fill("funds insufficient")
        page.locator("#bounce").get_by_role("button", name="Bounced").click()
        expect(page.locator("main")).to_contain_text("funds insufficient")
        self.look(page)

    def take_back(self, soaps: int, honey: int) -> None:
        """Take soaps back, and the honey that came with them."""
        page = self.desk
        page.goto("/returns/new?customer=C2")
        page.locator("[name='good.SOAP']").fill(str(soaps))
        page.locator("[name='good.HONEY']").fill(str(honey))
        page.locator("#f-why").fill("torn")
        self.look(page)
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile(r"/returns/\d+$"))
        self.look(page)

    def claim(self, funder: str) -> None:
        """Ask a funder for what its schemes gave."""
        page = self.desk
        page.goto(f"/claims/new?funder={funder}")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile(r"/claims/\d+$"))
        self.look(page)
        self.press(page, "Sent to funder")

    def save_files(self) -> None:
        """Save the files of two invoices as one, with the keyboard alone."""
        page = self.desk
        page.goto("/invoices")
        for key in "jjxjx":
            page.keyboard.press(key)
        assert page.locator("tbody input[name=key]:checked").count() == 2
        page.keyboard.press("f")
        expect(page.locator("progress")).to_have_attribute("max", "2")
        self.look(page)
        work(self.market)
        page.reload()
        self.look(page)
        with page.expect_download() as saved:
            page.keyboard.press("s")
        with zipfile.ZipFile(saved.value.path()) as packed_:
            names = packed_.namelist()
            assert all(packed_.read(one).startswith(b"%PDF") for one in names)
        assert len(names) == 2

    def read_the_month(self, page: Page) -> None:
        """Read the month for the return of sales, reached from the list of invoices."""
        page.locator("a[href='/invoices/gstr1']").click()
        page.locator("#month").fill("2026-11")
        page.locator("main form button").click()
        expect(page.locator("section").last).to_contain_text("INV26-27/000002")
        expect(page.locator("section").nth(1)).to_contain_text("0902")
        self.look(page)
        page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def print_sheets(self, page: Page) -> None:
        """Read an invoice beside the menu of a small screen, then it and ageing on paper."""
        page.set_viewport_size({"width": SMALL.width, "height": SMALL.height})
        page.goto("/invoices/1")
        assert box_of(page.locator("main table tbody tr td").first)["width"] > READABLE
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALL.width
        page.set_viewport_size({"width": SHEET.width, "height": SHEET.height})
        page.emulate_media(media="print")
        lines = box_of(page.locator("main table").first)
        assert lines["width"] > SHEET.width * 0.9
        facts = page.locator("main .ow-facts").last
        assert box_of(facts)["y"] > lines["y"] + lines["height"]
        page.goto("/accounts/ageing")
        cut = page.locator("main .ow-scroll").evaluate("one => getComputedStyle(one).overflowX")
        assert cut == "visible"
        page.emulate_media(media="screen")


def box_of(found: Locator) -> FloatRect:
    """Give where an element stands."""
    box = found.bounding_box()
    assert box is not None
    return box


def sign(page: Page) -> None:
    """Draw a line over the pad."""
    pad = page.locator("svg.ow-pad")
    pad.scroll_into_view_if_needed()
    box = box_of(pad)
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 20 + 30 * step, box["y"] + 20 + 30 * (step % 2))
    page.mouse.up()


def open_day(market: Market, open_as: OpenAs, address: str) -> Day:
    """Open the desk, the phone, and a program's way in."""
    secret = market.hub.ground.part(PeopleActs).tokens.add("books", roles=("admin",), by=OPERATOR)
    desk, phone = open_as("/", role="admin"), open_as("/", role="admin", screen=PHONE)
    phone.context.grant_permissions(["camera"])
    phone.add_init_script(READS_BARS)

    def ask(path: str) -> Any:  # a JSON document
        told = desk.request.get(
            f"{address}/api/v1{path}", headers={"Authorization": f"Bearer {secret}"}
        )
        assert told.status == 200, told.text()
        return told.json()

    return Day(market, desk, phone, ask)


def test_a_day_of_money_from_the_pick_list_to_the_statement(
    open_as: OpenAs, market: Market, address: str, tmp_path: Path
) -> None:
    day = open_day(market, open_as, address)
    photo = tmp_path / "door.png"
    Image.new("RGB", (1200, 900), "teal").save(photo)

    first = market.place(("TEA", 12), ("SOAP", 20)).order
    second = market.place(("RICE", 10)).order
    day.pick(first, second)
    day.send()
    day.bring(1, back={"back_1": "2", "reason_1": "refused"}, photo=photo)
    day.bring(2, back={}, photo=photo)
    bills = day.bill(first), day.bill(second)
    work(market)
    day.pay("1500.00", {"000001": "1000.00", "000002": "400.00"})
    day.bounce()
    day.take_back(5, 1)
    work(market)
    day.claim("LEAF")

    assert bills == (1, 2)
    assert state_of(market, 1) == state_of(market, 3) == "registered"
    assert_all_agree(day, first)  # on paper of A5: the files of A4 are saved as they are
    day.save_files()
    for locale in ("en-US", "hi-IN"):
        page = open_as("/invoices", role="admin", screen=SMALL, locale=locale)
        day.read_the_month(page)
        day.print_sheets(page)
    assert day.barriers == []
    assert market.broken() == set()


def assert_all_agree(day: Day, order: str) -> None:
    """See that pages, lists, files, papers and programs say one amount of each document."""
    market, ask = day.market, day.api
    papers = KeptPapers(market.hub.transactions, market.clock, Said())
    invoice, payment = GiveInvoicePaper(papers), GivePaymentPaper(papers)
    bill, note = ask("/invoices/1"), ask("/invoices/3")
    money_in, claim = ask("/payments/1")["row"], ask("/claims/1")["row"]
    account = ask("/accounts/statement/C2")
    owed = bill["payable"] + ask("/invoices/2")["payable"] - note["payable"]
    statement = GiveStatement(papers)("C2", size="a5", scope=EVERYTHING)
    told = {
        bill["payable"]: (
            *("/invoices/1", "/invoices", "/invoices/1/print", "/accounts/statement/C2"),
            *(f"/orders/{order}", "/invoices?as=csv", "/accounts/statement/C2?as=csv"),
            *(invoice(1, size="a5", scope=EVERYTHING), statement),
        ),
        note["payable"]: (
            *("/invoices/3", "/invoices/3/print", "/returns/1", "/returns", "/returns?as=csv"),
            invoice(3, size="a5", scope=EVERYTHING),
        ),
        bill["open"]: ("/invoices/1", "/invoices", "/invoices?as=csv"),
        money_in["amount"]: (
            *("/payments/1", "/payments", "/payments?as=csv", "/accounts/statement/C2"),
            payment(1, size="roll", scope=EVERYTHING),
        ),
        claim["amount"]: (
            *("/claims/1", "/claims", "/claims?as=csv", "/customers/LEAF"),
            GiveLetter(papers)(1, size="a5", scope=EVERYTHING),
        ),
        owed: (
            *("/accounts/statement/C2", "/accounts/statement/C2?as=csv", "/customers/C2"),
            *("/accounts/ageing", "/accounts/ageing?as=csv", statement),
        ),
    }
    assert account["closing"] == owed
    assert bill["open"] == bill["payable"] - note["payable"]
    wrong = [
        (amount, place)
        for amount, places in told.items()
        for place in places
        if amount not in amounts_of(day, place)
    ]
    assert wrong == []


def amounts_of(day: Day, place: str | PaperFile | None) -> set[int]:
    """Read every amount with paise that stands in a page, a file or a paper, in paise."""
    if isinstance(place, str):
        answer = day.desk.request.get(place)
        assert answer.status == 200, place
        whole = answer.text()
        cells = (cell for row in csv.reader(io.StringIO(whole)) for cell in row)
        text = "\n".join(cells) if "as=csv" in place else re.sub(r"<[^>]*>", " ", whole)
    else:
        assert place is not None
        text = place.content.decode()
    return {int(one.replace(",", "").replace(".", "")) for one in AMOUNT.findall(text)}
