"""Keys and seconds of the order desk's day, by keyboard and scanner alone in a real Chromium.

A hub with 50,000 products, and a customer whom an order waits for. Each play of the day is played
key by key, and it is told how many keys a person presses, how often the scanner is used, and for
how many seconds the browser and the hub have them wait. To these are added 0.2 s for each key and
1 s for each scan, as practised hands take: that sum is held against the goals. Told too is after
how many ms the answer to a typed line of an order begins: 80 at most where nothing else runs.
There is nothing to compare with but these goals.
Run it with: ./orderwire bench hands --json
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, Response, sync_playwright

from hub.base.access import EVERYTHING
from hub.base.fields import Change
from hub.desk.orders.model.asked import AskedLine, AskedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.cells import check_digit
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.moves import Posted
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from hub.web.serving.server import WebServer
from tests.builders.browsers import open_chromium
from tests.builders.hands import (
    Keys,
    approve_first,
    choose_customer,
    count_by_scanner,
    find_order_by_phone,
    order_by_names,
    order_by_scanner,
    read_customer,
)
from tests.builders.hub_records import Shelves
from tests.builders.market import FILES, Market, new_uuid, open_market
from tests.fixtures.browser import ROLES, USERS, Role, enter

KEY_S: Final = 0.2
SCAN_S: Final = 1.0
BATCHES: Final = 50
PHONE: Final = "98450 12345"
TYPED_MS: Final = 80.0
NAMES: Final = (
    *("Almond", "Biscuit", "Cashew", "Dates", "Farina", "Ghee", "Jam", "Kokum", "Ladoo", "Mustard"),
)
GTIN: Final = "8901234567890"


@dataclass(frozen=True, slots=True)
class Goal:
    """Of a play, the most keys beside the letters of names, and the most seconds.

    `waited_s` are without hands: the shop reads its number out.
    """

    keys: int = 1_000
    with_hands_s: float = 1_000
    waited_s: float = 1_000

    def is_kept(self, told: dict[str, Any]) -> bool:
        """Say whether what was told of a play keeps the goal."""
        most = {"keys": self.keys, "with_hands_s": self.with_hands_s, "waited_s": self.waited_s}
        return all(told[name] <= bound for name, bound in most.items())


GOALS: Final = {
    "first_approved": Goal(keys=3),
    "order_by_scanner": Goal(with_hands_s=25),
    "order_by_names": Goal(with_hands_s=60),
    "batches_counted": Goal(with_hands_s=300),
    "order_by_phone": Goal(waited_s=2),
    "customer_read": Goal(keys=6),
}


def main() -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--products", type=int, default=50_000, help="how many products there are")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder:
        place = Path(folder)
        with open_market(f"sqlite:///{place / 'hub.db'}", place / "files") as market:
            document = _fill(market, arguments.products)
            figures = _measure(market, document)
    figures["products"] = arguments.products
    for name, told in figures["plays"].items():
        print(f"{name}: {told}", file=sys.stderr)
    print(json.dumps(figures) if arguments.json else figures["typed_line_ms"])


def _fill(market: Market, products: int) -> int:
    """Give the hub products, users, a customer with a phone, and what waits; gives a count's id."""
    rows = [f"{name.upper()},{_gtin(n)},{name},food,,none,PCS," for n, name in enumerate(NAMES)]
    rows += [f"S-{n:06},,Product number {n},group {n % 60},,none,PCS," for n in range(products)]
    products_csv = FILES["products.csv"].replace("8901234567894", GTIN)
    market.load(products=products_csv + "\n".join([*rows, ""]))
    for role, name in USERS.items():
        Shelves(market.database).user(name, *ROLES[role])
    change = market.hub.ground.part(CustomerActs).change
    change("C2", {"phone": Change("", PHONE)}, by="asha", scope=EVERYTHING)
    waiting = AskedOrder(new_uuid(), "staff", "C1", (AskedLine("RICE", 30),))
    market.orders.place(waiting, by=Requester("user", "sunil"), scope=EVERYTHING)
    market.change(
        "UPDATE batch SET on_hand = 0 WHERE product_id IN "
        "(SELECT id FROM product WHERE sku = 'TEA')"
    )
    acts, main = market.hub.ground.part(StockActs), {"warehouse": "MAIN"}
    lot = {"code": "TEA", "quantity": "12", "expiry": "2027-06-30"}
    lots = [{**lot, "batch": code} for code in _batches()]
    acts.receive(main, lots, key=new_uuid(), by="asha", scope=EVERYTHING)
    frozen = acts.count.freeze(main, category="drinks", key=new_uuid(), by="asha", scope=EVERYTHING)
    if not isinstance(frozen, Posted):
        raise SystemExit(f"the count did not begin: {frozen}")
    return frozen.document


def _batches() -> list[str]:
    return [f"B{number:02}" for number in range(BATCHES)]


def _gtin(number: int) -> str:
    code = f"8909{number:08}"
    return code + check_digit(code)


def _measure(market: Market, document: int) -> dict[str, Any]:
    server = WebServer(create_app(frame_of(market.hub)), host="127.0.0.1", port=0)
    address = server.start()
    try:
        with sync_playwright() as playwright:
            browser = open_chromium(playwright)
            figures = _play(browser, address, document)
            browser.close()
    finally:
        server.stop()
    return {
        "machine": {"load": round(os.getloadavg()[0], 1), "processors": os.cpu_count()},
        **figures,
    }


def _play(browser: Browser, address: str, document: int) -> dict[str, Any]:
    """Play the day; gives what each play takes, and what a typed line takes."""

    def open_as(role: Role, path: str) -> Page:
        page = browser.new_context(base_url=address).new_page()
        page.goto("/sign-in")
        enter(page, USERS[role])
        page.goto(path)
        return page

    plays = {"first_approved": _told(approve_first, Keys(open_as("manager", "/approvals")))}
    desk = open_as("sales", "/orders/new")
    typed = _watch(desk)
    codes = [_gtin(n) for n in range(len(NAMES))]
    plays["order_by_scanner"] = _told(
        lambda keys: order_by_scanner(choose_customer(keys, "second"), codes), Keys(desk)
    )
    desk.goto("/orders/new")
    names = [(name[:4].lower(), name) for name in reversed(NAMES)]
    plays["order_by_names"] = _told(
        lambda keys: order_by_names(choose_customer(keys, "second"), names), Keys(desk)
    )
    count = Keys(open_as("manager", f"/stock/documents/{document}/count"))
    plays["batches_counted"] = _told(
        lambda keys: count_by_scanner(keys, GTIN, _batches(), document=document), count
    )
    desk.goto("/")
    plays["order_by_phone"] = _told(lambda keys: find_order_by_phone(keys, PHONE), Keys(desk))
    desk.goto("/")
    plays["customer_read"] = _told(lambda keys: read_customer(keys, "second", "tea"), Keys(desk))
    for name, told in plays.items():
        told["kept"] = GOALS[name].is_kept(told)
    typed.sort()
    return {
        "plays": plays,
        "typed_line_ms": {
            "p50": round(typed[len(typed) // 2], 1),
            "p95": round(typed[len(typed) * 19 // 20], 1),
            "answers": len(typed),
            "goal": TYPED_MS,
        },
    }


def _watch(page: Page) -> list[float]:
    """Note from now on how many ms each answer to a typed line of an order takes to begin."""
    waits: list[float] = []

    def note(answer: Response) -> None:
        asked = answer.request
        if asked.method == "POST" and asked.url.endswith("/orders/new"):
            waits.append(asked.timing["responseStart"] - asked.timing["requestStart"])

    page.on("response", note)
    return waits


def _told(play: Callable[[Keys], object], keys: Keys) -> dict[str, Any]:
    start = time.perf_counter()
    play(keys)
    waited = time.perf_counter() - start
    hands = KEY_S * keys.pressed + SCAN_S * keys.scans
    return {
        "keys": keys.pressed - keys.typed,
        "letters": keys.typed,
        "scans": keys.scans,
        "waited_s": round(waited, 1),
        "with_hands_s": round(waited + hands, 1),
    }


if __name__ == "__main__":
    main()
