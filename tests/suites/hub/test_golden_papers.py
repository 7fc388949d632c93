"""Every kind of paper in both languages, against the golden pictures.

To renew a golden picture, delete it and run this test: it writes the picture and fails once.
"""

import io
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from PIL import Image

from hub.base.access import EVERYTHING
from hub.base.papers import KeptPapers, Paper, PaperFile, PaperLabels, Press, Size
from hub.base.papers.sheet import PaperSheet
from hub.desk.accounts.acts.give_statement import GiveStatement
from hub.desk.deliveries.acts.give_labels import LAYOUT, GiveLabels
from hub.desk.deliveries.acts.give_papers import GiveDeliveryPapers
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.invoices.acts.give_paper import GiveInvoicePaper
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from hub.desk.orders.acts.give_paper import GiveOrderPaper
from hub.desk.payments.acts.give_paper import GivePaymentPaper
from tests.builders.delivered import recorded, sent
from tests.builders.market import Market
from tests.builders.money import billed, credited, paid
from tests.builders.photos import jpeg
from tests.builders.portal import with_portal, work
from tests.suites.hub.test_addresses import OTHER, keep, placed
from tests.suites.hub.test_deliveries import SIGNED

GOLDEN = Path(__file__).parents[2] / "golden" / "papers"
PPI = 50
LANGUAGES = ("en", "hi")
pytestmark = pytest.mark.one_engine


class Pictures(Press):
    """Draws the first page of each document as a picture instead of a file."""

    def draw(self, paper: Paper, size: Size) -> bytes:
        """Draw a document; a picture of many pages is of the first."""
        drawn = self.compile(paper, size, format="png", ppi=PPI)
        pages = drawn if isinstance(drawn, list) else [drawn]
        assert isinstance(pages[0], bytes)
        return pages[0]

    def draw_sheet(self, sheet: PaperSheet | PaperLabels) -> bytes:
        """Draw labels, one a page; the picture is of the first."""
        drawn = self._compile(asdict(sheet), format="png", ppi=2 * PPI)
        pages = drawn if isinstance(drawn, list) else [drawn]
        assert isinstance(pages[0], bytes)
        return pages[0]


@dataclass(frozen=True, slots=True)
class Day:
    """What was made on a day of the market that has a paper."""

    order: str
    invoice: int
    shipped: int
    credit: int
    note: int
    wave: int
    payment: int


def live_a_day(market: Market) -> Day:
    """Order, send, bill, credit and pay, with one order that goes to another business."""
    keep(market, "KOCHI", OTHER)
    elsewhere = placed(market, "KOCHI", 4)
    wave = sent(market, elsewhere)
    recorded(market, wave.notes[0], AskedOutcome(receiver="Asha", signature=SIGNED))
    market.deliveries.keep_photo(wave.notes[0], jpeg(), by="ravi", scope=EVERYTHING)
    shipped = billed(market, elsewhere).invoice
    order = market.place(("TEA", 12), ("RICE", 10)).order
    brought = sent(market, order)
    recorded(market, brought.notes[0], AskedOutcome(receiver="Asha"))
    invoice = billed(market, order).invoice
    note = credited(market, invoice, Credited(back={1: 2}))
    assert isinstance(note, Issued)
    money = paid(market, "1000.00", mode="upi", reference="UPI-77")
    return Day(order, invoice, shipped, note.invoice, wave.notes[0], wave.wave, money.payment)


def draw_all(market: Market, day: Day) -> dict[str, PaperFile | None]:
    """Draw every kind of paper in each language, by the name of its golden picture."""
    papers = KeptPapers(market.hub.transactions, market.clock, Pictures())
    invoice, deliveries = GiveInvoicePaper(papers), GiveDeliveryPapers(papers)
    order, payment = GiveOrderPaper(papers), GivePaymentPaper(papers)
    statement, labels = GiveStatement(papers), GiveLabels(papers, Pictures(LAYOUT))
    drawn: dict[str, PaperFile | None] = {}
    for one in LANGUAGES:
        drawn |= {
            f"order-{one}": order(day.order, language=one, scope=EVERYTHING),
            f"pick-list-{one}": deliveries.wave(day.wave, language=one, scope=EVERYTHING),
            f"delivery-note-{one}": deliveries.note(day.note, language=one, scope=EVERYTHING),
            f"proof-{one}": deliveries.proof(day.note, language=one, scope=EVERYTHING),
            f"labels-{one}": labels(day.note, parcels=2, language=one, scope=EVERYTHING),
            f"invoice-{one}": invoice(day.invoice, language=one, scope=EVERYTHING),
            f"credit-note-{one}": invoice(day.credit, language=one, scope=EVERYTHING),
            f"receipt-{one}": payment(day.payment, size="a5", language=one, scope=EVERYTHING),
            f"statement-{one}": statement("C2", language=one, scope=EVERYTHING),
        }
    return drawn


def draw_registered(market: Market, day: Day) -> dict[str, PaperFile | None]:
    """Draw invoices that the portal has registered, one of them on a roll."""
    papers = KeptPapers(market.hub.transactions, market.clock, Pictures())
    give = GiveInvoicePaper(papers)
    drawn: dict[str, PaperFile | None] = {}
    for one in LANGUAGES:
        drawn[f"registered-{one}"] = give(day.shipped, language=one, scope=EVERYTHING)
        drawn[f"registered-roll-{one}"] = give(
            day.shipped, size="roll", language=one, scope=EVERYTHING
        )
    return drawn


def pixels(picture: bytes) -> tuple[tuple[int, int], bytes]:
    """Read a picture's size and its pixels, whatever it was packed with."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    return image.size, image.tobytes()


def test_each_paper_looks_as_in_its_golden_picture(market: Market, tmp_path: Path) -> None:
    with with_portal(market, tmp_path):
        day = live_a_day(market)
        drawn = draw_all(market, day)
        work(market)
        drawn |= draw_registered(market, day)

    wrong = []
    for name, paper in drawn.items():
        assert paper is not None, name
        golden = GOLDEN / f"{name}.png"
        if not golden.exists():
            golden.parent.mkdir(exist_ok=True)
            golden.write_bytes(paper.content)
            wrong.append(f"{name} was not there and has been written: look at it and commit it")
        elif pixels(golden.read_bytes()) != pixels(paper.content):
            (tmp_path / f"{name}.png").write_bytes(paper.content)
            wrong.append(f"{name} looks otherwise: see {tmp_path / name}.png")
    assert wrong == []
    assert {path.stem for path in GOLDEN.glob("*.png")} == drawn.keys()
