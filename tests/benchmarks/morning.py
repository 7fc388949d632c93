"""Three hundred phones open at nine: processor seconds that one hub takes for each of their rounds.

Each rep serves 30 outlets, walks 20 of them today, and 5,000 products are on sale. Told are a first
round, on which a phone holds nothing and asks for the month's figures too; a later one, on which
nothing is otherwise; one after somebody has changed one product; and one after each rep has begun a
visit. `sent_kb` is what one phone is sent on that round, before the line's own packing.
Run it with: ./orderwire bench morning --json
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from http import HTTPStatus
from pathlib import Path
from subprocess import run
from typing import Any, Final

import httpx2

from hub.base.access import EVERYTHING
from hub.base.fields import Change
from hub.desk.field.acts import FieldActs
from hub.desk.field.model.beats import Journey
from hub.desk.field.model.fields import BeatFields
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.asked import AskedLine, AskedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from hub.desk.products.acts import ProductActs
from hub.run.bootstrap import Hub, build_hub
from hub.run.config import Settings
from simulators.data import Batch, Customer, Distributor, fmcg
from simulators.faults import Child, free_port, python_module
from tests.benchmarks.desk_data import few_terminals, variants
from tests.benchmarks.field import cpu_s, new_id
from tests.benchmarks.honest import now_ms

PHONES: Final = 300
PRODUCTS: Final = 5_000
OUTLETS: Final = 30
ON_THE_WAY: Final = 20
ORDERED: Final = 5
AT_ONCE: Final = 20
_PASSWORD: Final = "correct horse battery"
_BY: Final = "bench"
_SINCE: Final = date(2026, 1, 1)
_EVERY_DAY: Final = 0b1111111


@dataclass(slots=True)
class Phone:
    """A rep's phone: its session's cookie, the rep's first outlet, and what it holds by now."""

    rep: str
    cookie: str
    outlet: str
    etag: str = ""
    held: set[str] = field(default_factory=set)
    sent: list[int] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--phones", type=int, default=PHONES, metavar="N", help="so many phones")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder:
        figures = asyncio.run(_measure(Path(folder), arguments.phones))
    print(json.dumps(figures) if arguments.json else figures)


async def _measure(place: Path, count: int) -> dict[str, Any]:
    distributor = _make_distributor(count)
    distributor.write(place / "distributor")
    few_terminals(place / "distributor" / "terminals.csv")
    kept = ["--data", str(place), "--broker-port", str(free_port())]
    load = python_module("hub", "load", str(place / "distributor"), *kept)
    await asyncio.to_thread(run, load, check=True, stdout=sys.stderr)
    hub = build_hub(Settings(folder=place))
    phones = [_send_rep(hub, distributor, number) for number in range(count)]
    command = python_module("hub", "run", *kept, "--http-port", str(free_port()))
    with Child("hub", command, log=place / "hub.log") as child:
        address = child.ready["http"]
        figures = {
            "first": await _ask_all(child.pid, address, phones, with_figures=True),
            "later": await _ask_all(child.pid, address, phones),
        }
        _rename(hub, distributor)
        figures["product_changed"] = await _ask_all(child.pid, address, phones)
        await _visit_all(address, phones)
        figures["visit_begun"] = await _ask_all(child.pid, address, phones)
    hub.close()
    return {
        "machine": {"load": round(os.getloadavg()[0], 1), "processors": os.cpu_count()},
        "phones": count,
        **figures,
    }


def _make_distributor(count: int) -> Distributor:
    """Take 5,000 products, as many shops as reps serve, and one ample batch a product."""
    real = fmcg(today=_SINCE)
    products = tuple(variants(real.products, PRODUCTS))
    shops = tuple(
        Customer(f"B{n:05}", f"Shop {n}", f"bench-{n}", "retailer", "IN/KA/BLR")
        for n in range(count * OUTLETS)
    )
    batches = tuple(Batch(one.sku, f"L-{one.sku}", 10**8, received=_SINCE) for one in products)
    return replace(real, products=products, customers=shops, batches=batches)


def _send_rep(hub: Hub, distributor: Distributor, number: int) -> Phone:
    """Give a rep outlets, a beat of every day and orders of before, and sign the phone in."""
    name, ground = f"rep-{number}", hub.ground
    people, acts = ground.part(PeopleActs), ground.part(FieldActs)
    people.add(name, roles=("field_rep",), password=_PASSWORD)
    first = number * OUTLETS
    codes = [one.id for one in distributor.customers[first : first + OUTLETS]]
    for code in codes:
        ground.part(CustomerActs).map(code, "rep", Span(name, _SINCE), by=_BY, scope=EVERYTHING)
    beat = f"B-{number}"
    way = BeatFields(beat, f"Way {number}", tuple(codes[:ON_THE_WAY]))
    acts.plan.add(way, by=_BY, scope=EVERYTHING)
    walk = Journey(0, name, 0, _EVERY_DAY, 1, _SINCE)
    acts.plan.walk(beat, walk, by=_BY, scope=EVERYTHING)
    for code in codes[:ORDERED]:
        lines = tuple(AskedLine(one.sku, 1) for one in distributor.products[number : number + 5])
        asked = AskedOrder(f"{_BY} {code}", "staff", code, lines, payment="cash")
        ground.part(OrderActs).place(asked, by=Requester("user", _BY), scope=EVERYTHING)
    account = people.sign_in.find_account(name)
    assert account is not None
    browser = Browser("127.0.0.1", "a phone")
    return Phone(name, people.sign_in.open(account, browser=browser, now_ms=now_ms()), codes[0])


def _rename(hub: Hub, distributor: Distributor) -> None:
    one = distributor.products[0]
    change = {"name": Change(one.name, f"{one.name} new")}
    hub.ground.part(ProductActs).keep.change(one.sku, change, by=_BY)


async def _ask_all(
    pid: int, address: str, phones: Sequence[Phone], *, with_figures: bool = False
) -> dict[str, float]:
    """Have each phone ask once, some at a time; what the hub spent on it, and what a phone got."""
    spent = cpu_s(pid)
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx2.AsyncClient(base_url=address, timeout=600) as client:

        async def ask(phone: Phone) -> None:
            async with gate:
                await _ask(client, phone, with_figures=with_figures)

        await asyncio.gather(*(ask(phone) for phone in phones))
    spent = cpu_s(pid) - spent
    return {
        "hub_cpu_s": round(spent, 2),
        "ms_a_phone": round(1_000 * spent / len(phones), 1),
        "sent_kb": round(sum(one.sent[-1] for one in phones) / len(phones) / 1_000, 1),
    }


async def _ask(client: httpx2.AsyncClient, phone: Phone, *, with_figures: bool) -> None:
    headers = {"Cookie": f"orderwire_session={phone.cookie}"}
    if phone.etag:
        headers["If-None-Match"] = phone.etag
    asked = {"held": "".join(sorted(phone.held))} if phone.held else {}
    answer = await client.get("/field/snapshot", params=asked, headers=headers)
    phone.sent.append(int(answer.headers.get("content-length", 0)))
    if answer.status_code == HTTPStatus.OK:
        phone.etag = answer.headers["etag"]
        phone.held = {mark for marks in answer.json()["marks"].values() for mark in marks}
    else:
        assert answer.status_code == HTTPStatus.NOT_MODIFIED
    if with_figures:
        (await client.get("/field/figures", headers=headers)).raise_for_status()


async def _visit_all(address: str, phones: Sequence[Phone]) -> None:
    """Have each rep begin a visit."""
    async with httpx2.AsyncClient(base_url=address, timeout=600) as client:
        for phone in phones:
            said = {"id": new_id(), "at": now_ms(), "kind": "visit_begun", "outlet": phone.outlet}
            body = {"user": phone.rep, "sent_at": now_ms(), "entries": [said]}
            headers = {"Cookie": f"orderwire_session={phone.cookie}", "Origin": address}
            answer = await client.post("/field/entries", headers=headers, json=body)
            assert answer.json()["answers"][0]["state"] == "kept"


if __name__ == "__main__":
    main()
