"""The terminal's own page, opened and used in a real browser."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from simulators.devices.symbols import barcode_modules
from tests.builders.accessible import barriers
from tests.fixtures.counter_process import CounterProcess
from tests.fixtures.shops import COLA, Shop, catalogue_of, product

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("page in chromium")]

HOSTILE = "<img src=x onerror=alert(1)> Cola"


@pytest.fixture
def hostile_shop(shop: Shop) -> Shop:
    """Give the shop with a product whose name is markup."""
    catalogue = catalogue_of(product("COLA-600", HOSTILE, COLA), product("TEA-250", "Assam tea"))
    return Shop(shop.pack, catalogue)


@pytest.fixture
def page(
    chromium: Browser,
    hostile_shop: Shop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """Open the page of a running terminal, in English or as asked; it must log no error."""
    monkeypatch.setenv("ORDERWIRE_TERMINAL_LANGUAGE", getattr(request, "param", "en"))
    process = CounterProcess(tmp_path)
    hostile_shop.settle(process.data)
    process.start()
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            faults.append(message.text)

    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"http://127.0.0.1:{process.page}/")
    yield page
    context.close()
    process.close()
    assert faults == []


def test_an_order_is_typed_shown_and_submitted(page: Page) -> None:
    expect(page.get_by_role("status")).to_have_text("Ready: scan a product")
    page.get_by_label("Code").fill(COLA)
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill("qty-12")
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill("TEA-250")
    page.get_by_role("button", name="Enter").click()

    expect(page.get_by_role("row", name="12 <img")).to_contain_text("457.20")
    expect(page.get_by_role("row", name="Assam tea")).to_contain_text("no price")
    expect(page.get_by_role("row", name="Provisional total")).to_contain_text("INR 480.06")
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_role("status")).to_contain_text("Order shop-1-00001 stored")
    expect(page.get_by_text("Orders without an answer: 1")).to_be_visible()


def test_cases_and_coupons_are_shown_as_they_were_asked_for(page: Page) -> None:
    for code in (COLA, "qty-2", "unit-case", "COUPON:EASTER"):
        page.get_by_label("Code").fill(code)
        page.keyboard.press("Enter")

    expect(page.get_by_role("row", name="2 CASE = 24 <img")).to_contain_text("914.40")
    notes = page.locator("#near").get_by_role("listitem")
    expect(notes.nth(0)).to_have_text("Payment: on credit")
    expect(notes.nth(2)).to_have_text("Coupon EASTER")
    expect(notes.nth(3)).to_have_text("no scheme knows the coupon EASTER")


def test_an_unknown_code_is_shown_as_an_error(page: Page) -> None:
    page.get_by_label("Code").fill("NO-SUCH-THING")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Not in the catalogue: NO-SUCH-THING")
    expect(page.locator("#headline")).to_have_class("red")
    expect(page.get_by_label("Code")).to_be_focused()


def scanned(page: Page, *codes: str) -> None:
    """Type codes, as a keyboard scanner does."""
    for code in codes:
        page.get_by_role("textbox").fill(code)
        page.keyboard.press("Enter")


def picture_of(code: str, kind: str = "CODE128") -> bytes:
    """Take a picture of a bar code, somewhat askew and grey, as a phone takes it."""
    modules = barcode_modules(kind, code.encode())
    image = Image.new("L", (len(modules) * 4 + 160, 300), 225)
    for at, module in enumerate(modules):
        if module == "1":
            image.paste(40, (80 + at * 4, 60, 84 + at * 4, 240))
    turned = image.rotate(3, expand=True, fillcolor=225).filter(ImageFilter.GaussianBlur(1))
    written = io.BytesIO()
    turned.save(written, "JPEG", quality=70)
    return written.getvalue()


def test_what_the_order_comes_to_is_shown_with_its_taxes_and_gifts_and_heard(page: Page) -> None:
    scanned(page, COLA, "qty-24")

    expect(page.locator("#sums").get_by_role("row", name="GST 5 %")).to_contain_text("45.72")
    expect(page.locator("#gifts").get_by_role("row")).to_have_text(re.compile("2.*FREE"))
    notes = page.locator("#near").get_by_role("listitem")
    expect(notes.nth(1)).to_have_text("Credit left before this order: INR 50,000.00")
    expect(page.locator("body")).to_have_attribute("data-sounded", "ok 2")
    scanned(page, "OW-VOLUME", "NO-SUCH-THING")
    expect(page.locator("body")).to_have_attribute("data-sounded", "error 3")
    scanned(page, "OW-VOLUME")
    expect(page.get_by_role("status").first).to_have_text("Volume: off")
    expect(page.locator("body")).to_have_attribute("data-sounded", "error 3")


@pytest.mark.parametrize("page", ["ar"], indirect=True)
def test_in_arabic_the_page_runs_from_the_right(page: Page) -> None:
    scanned(page, COLA, "qty-24")

    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    total = page.get_by_role("row", name="الإجمالي المؤقت")
    expect(total).to_contain_text("INR 960.12")
    name, amount = (total.locator(one).bounding_box() for one in ("th", "td:last-child"))
    assert name is not None
    assert amount is not None
    assert amount["x"] < name["x"]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="الكاميرا").click()
    assert barriers(page) == []
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, input")]
            .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
            .map((one) => one.id)"""
    )
    assert small == []


def test_the_camera_reads_a_photo_and_a_live_picture_of_a_bar_code(page: Page) -> None:
    page.get_by_role("button", name="Camera").click()
    dialog = page.get_by_role("dialog", name="Camera")
    photos = dialog.get_by_label("Or take a photo")
    for code, kind, read in (
        ("{B" + "OW-HELP", "CODE128", "OW-HELP"),
        ("{C" + "".join(chr(pair) for pair in (89, 1, 23, 45)), "CODE128", "89012345"),
        (COLA, "EAN-13", COLA),
        ("96385074", "EAN-8", "96385074"),
    ):
        photos.set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture_of(code, kind)}
        )
        expect(dialog.get_by_role("status")).to_have_text(read)
    photos.set_input_files({"name": "b.jpg", "mimeType": "image/jpeg", "buffer": blank()})
    expect(dialog.get_by_role("status")).to_contain_text("No bar code is in this picture")
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("row", name="<img")).to_contain_text("38.10")

    page.evaluate(
        """async (bytes) => {
            const shown = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
            const canvas = document.createElement("canvas");
            canvas.width = shown.width;
            canvas.height = shown.height;
            setInterval(() => canvas.getContext("2d").drawImage(shown, 0, 0), 50);
            navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
        }""",
        list(picture_of(COLA, "EAN-13")),
    )
    page.get_by_role("button", name="Camera").click()
    expect(dialog.get_by_role("status")).to_have_text(COLA)
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("row", name="2 <img")).to_be_visible()


def blank() -> bytes:
    """Take a picture of a wall."""
    written = io.BytesIO()
    Image.new("L", (400, 300), 200).save(written, "JPEG")
    return written.getvalue()
