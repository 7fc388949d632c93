"""Three hundred phones come back into the network at once, while counters go on ordering.

Each phone holds a day of one rep, thirty visits with an order of five lines each and five photos of
300 kB, and uploads it as the page does: 20 entries at a time, then photos in parts of 32 to 128 kB.
Each second upload, and one part of each photo, loses its answer, so that it is sent again. Compares
the time from publish to answer of twenty counters in peace and meanwhile. Goals: nothing lost,
nothing doubled, drained, and the counters' p99 under 250 ms. `hub_cpu_s` is the processor time of
the hub's process meanwhile.
Run it with: ./orderwire bench field --json
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path
from subprocess import run
from typing import Any, Final

import httpx2

from broker import contract as wire
from hub.base.access import EVERYTHING
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from simulators.data import Distributor
from simulators.faults import Child, free_port, python_module
from tests.benchmarks.honest import figures_of, honest_terminals, now_ms, waits_of
from tests.benchmarks.intake import make_distributor
from tests.builders.photos import jpeg

PHONES: Final = 300
REPS: Final = 60
ORDERS: Final = 30
LINES: Final = 5
PHOTOS: Final = 5
PHOTO_BYTES: Final = 300_000
PART_BYTES: Final = 32_000
MOST_PART_BYTES: Final = 128_000
BATCH: Final = 20
QUIET_S: Final = 5.0
MOST_MS: Final = 250
_PASSWORD: Final = "correct horse battery"
_TIMEOUT_S: Final = 120.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone of a rep: its session's cookie, and what it holds.

    `photos` are those of its first visits: the id of each, and of the entry that it is of.
    """

    rep: str
    cookie: str
    entries: Sequence[dict[str, Any]]
    photos: Sequence[tuple[str, str]]


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
    distributor = make_distributor()
    distributor.write(place / "distributor")
    port = free_port()
    kept = ["--data", str(place), "--broker-port", str(port)]
    load = python_module("hub", "load", str(place / "distributor"), *kept)
    await asyncio.to_thread(run, load, check=True, stdout=sys.stderr)
    phones = _make_phones(place, distributor, count)
    command = python_module("hub", "run", *kept, "--http-port", str(free_port()))
    with Child("hub", command, log=place / "hub.log") as hub:
        async with honest_terminals(place, distributor, port) as terminals:
            quiet = figures_of(
                "quiet", await waits_of(terminals, asyncio.sleep(QUIET_S)), terminals
            )
            begun, spent = time.perf_counter(), cpu_s(hub.pid)
            sending = _send_all(hub.ready["http"], phones)
            meanwhile = figures_of("meanwhile", await waits_of(terminals, sending), terminals)
            drained_s, spent = time.perf_counter() - begun, cpu_s(hub.pid) - spent
    return {
        "machine": {"load": round(os.getloadavg()[0], 1), "processors": os.cpu_count()},
        "phones": count,
        "drained_s": round(drained_s, 1),
        "hub_cpu_s": round(spent, 1),
        **_tally(place, phones),
        "quiet": quiet,
        "meanwhile": meanwhile,
        "goals": {"p99_under_ms": MOST_MS, "kept": meanwhile["p99_ms"] < MOST_MS},
    }


def cpu_s(pid: int) -> float:
    """Give the processor time of a process so far."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / _TICKS


def _make_phones(place: Path, distributor: Distributor, count: int) -> Sequence[Phone]:
    """Give each rep customers, sign every phone in, and fill it with a day's work."""
    hub = build_hub(Settings(folder=place))
    people, customers = hub.ground.part(PeopleActs), hub.ground.part(CustomerActs)
    served: dict[str, list[str]] = {}
    for number in range(min(REPS, count)):
        name = f"rep-{number}"
        people.add(name, roles=("field_rep",), password=_PASSWORD)
        served[name] = [one.id for one in distributor.customers[number::REPS]][:10]
        for code in served[name]:
            customers.map(code, "rep", Span(name, date(2026, 1, 1)), by=name, scope=EVERYTHING)
    phones = []
    for number in range(count):
        name = f"rep-{number % len(served)}"
        account = people.sign_in.find_account(name)
        assert account is not None
        token = people.sign_in.open(
            account, browser=Browser("127.0.0.1", "a phone"), now_ms=now_ms()
        )
        entries = _day_of(distributor, served[name], number)
        visits = [one["id"] for one in entries if one["kind"] == "visit_begun"][:PHOTOS]
        photos = [(new_id(), visit) for visit in visits]
        phones.append(Phone(name, token, entries, photos))
    hub.close()
    return phones


def _day_of(distributor: Distributor, outlets: Sequence[str], number: int) -> list[dict[str, Any]]:
    """Write a day's entries: visits, each with its orders."""
    entries = [_entry("day_begun", place={})]
    for at in range(ORDERS):
        outlet = outlets[at % len(outlets)]
        begun = _entry("visit_begun", outlet=outlet, place={})
        first = (number * ORDERS + at) * LINES
        skus = [
            distributor.products[(first + line) % len(distributor.products)].sku
            for line in range(LINES)
        ]
        lines = [{"sku": sku, "quantity": 1, "unit": None} for sku in skus]
        ordered = _entry("ordered", outlet=outlet, visit=begun["id"], payment="cash", lines=lines)
        ended = _entry("visit_ended", visit=begun["id"], outcome="order")
        entries += [begun, ordered, ended]
    return entries


def _entry(kind: str, **said: Any) -> dict[str, Any]:
    return {"id": new_id(), "at": now_ms(), "kind": kind, **said}


def new_id() -> str:
    return wire.uuid7(now_ms(), secrets.token_bytes(10))


async def _send_all(address: str, phones: Sequence[Phone]) -> None:
    limits = httpx2.Limits(max_connections=len(phones))
    async with httpx2.AsyncClient(base_url=address, limits=limits, timeout=_TIMEOUT_S) as client:
        await asyncio.gather(*(_send(client, address, phone) for phone in phones))


async def _send(client: httpx2.AsyncClient, address: str, phone: Phone) -> None:
    headers = {"Cookie": f"orderwire_session={phone.cookie}", "Origin": address}
    for first in range(0, len(phone.entries), BATCH):
        batch = phone.entries[first : first + BATCH]
        body = {"user": phone.rep, "sent_at": now_ms(), "entries": batch}
        for _ in range(1 + first // BATCH % 2):  # each second answer is lost on its way
            await _post(client, "/field/entries", headers, json=body)
    for photo, entry in phone.photos:
        await _send_photo(client, headers, phone.rep, photo=photo, entry=entry)


async def _send_photo(
    client: httpx2.AsyncClient, headers: dict[str, str], rep: str, *, photo: str, entry: str
) -> None:
    """Send a photo in parts; the answer to its third is lost, so that this part is sent again."""
    content = jpeg(pixels=secrets.token_bytes(PHOTO_BYTES).replace(b"\xff", b"\x00"))
    about = {"user": rep, "entry": entry, "size": len(content)}
    have, turn, most = 0, 0, PART_BYTES
    while have < len(content):
        part = {"params": {**about, "start": have}, "content": content[have : have + most]}
        told = await _post(client, f"/field/photos/{photo}", headers, **part)
        turn, most = turn + 1, min(2 * most, MOST_PART_BYTES)
        if turn == 3:
            told = await _post(client, f"/field/photos/{photo}", headers, **part)
        have = told["have"] if told["state"] == "part" else len(content)


async def _post(
    client: httpx2.AsyncClient, address: str, headers: dict[str, str], **sent: Any
) -> dict[str, Any]:
    """Send one upload, again where the line was cut or the hub asks the phone to come later."""
    while True:
        try:
            answer = await client.post(address, headers=headers, **sent)
        except httpx2.TransportError:
            # A connection that was kept open is closed as it is used: a phone asks again, too.
            await asyncio.sleep(random.random())
            continue
        if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            answer.raise_for_status()
            told: dict[str, Any] = answer.json()
            return told
        after_s = float(answer.headers["retry-after"])
        await asyncio.sleep(after_s * (0.5 + random.random()))


def _tally(place: Path, phones: Sequence[Phone]) -> dict[str, int]:
    """Count what the hub has of what the phones sent."""
    sent = {one["id"] for phone in phones for one in phone.entries}
    ordered = {one["id"] for phone in phones for one in phone.entries if one["kind"] == "ordered"}
    taken = {photo for phone in phones for photo, _ in phone.photos}
    hub = build_hub(Settings(folder=place))
    with hub.ground.database.read() as connection:
        kept = [row[0] for row in connection.exec_driver_sql("SELECT uuid FROM field_entry")]
        photos = [row[0] for row in connection.exec_driver_sql("SELECT uuid FROM field_photo")]
        keys = [
            row[0]
            for row in connection.exec_driver_sql(
                "SELECT source_key FROM order_ WHERE source = 'field'"
            )
        ]
    hub.close()
    there = {*kept, *keys, *photos}
    return {
        "entries": len(sent),
        "orders": len(ordered),
        "photos": len(taken),
        "photo_files": len([*(place / "photos").rglob("*.jpg")]),
        "lost": len((sent | taken) - there) + len(ordered - set(keys)),
        "doubled": sum(len(one) - len(set(one)) for one in (kept, keys, photos)),
    }


if __name__ == "__main__":
    main()
