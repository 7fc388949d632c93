"""What the firmware needs of a board: heap, flash, byte code; and how long an order takes.

The firmware runs on MicroPython's unix port on a LittleFS of a Pico W's size, at a real hub and
broker on this machine. `heap_bytes` is the smallest heap, to 8 kB, in which an order of 40 lines is
scanned, answered and printed, with the code in ROM as in an image with the frozen manifest;
`heap_files_bytes` the same with the code in files, which are loaded into the heap. Both are of
64-bit words, where a board's are of 32. `order_ms` is from the
scan of SUBMIT to the stored answer of an order of one line. `flash_writes_per_order` counts what
LittleFS programs for such an order with its slip, `flash_erases_per_order` the blocks it erases.
`mpy_bytes` is the byte code for a Pico W. Compares with nothing. TLS is not in it: on this port its
memory is not the heap's. Run it with: ./orderwire bench firmware --json
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from firmware.build import build
from tests.builders.hub_commands import run_hub
from tests.fixtures.firmware import FirmwareCounter, firmware_environment
from tests.fixtures.hub_process import HubProcess, write_distributor

LINES = 40
ORDERS = 20
LEAST_KB, MOST_KB, STEP_KB = 64, 256, 8


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder:
        figures = _measure(Path(folder))
    print(json.dumps(figures) if arguments.json else figures)


def _measure(folder: Path) -> dict[str, float]:
    programs = firmware_environment()
    sizes = build("armv6m", folder / "pico_w", programs / "mpy-cross")
    build("host", folder / "twin", programs / "mpy-cross")
    hub = _hub(folder / "hub")
    try:
        figures = _order(_counter(folder, programs), hub)
        figures["heap_bytes"] = _least_heap(folder, programs, hub, in_rom=True)
        figures["heap_files_bytes"] = _least_heap(folder, programs, hub, in_rom=False)
    finally:
        hub.clean_up()
    return {**figures, "mpy_bytes": sum(sizes.values())}


def _hub(folder: Path) -> HubProcess:
    """Load and start a hub with so many products."""
    shop = write_distributor(folder / "shop")
    skus = [f"P{n:02}" for n in range(LINES)]
    head = "sku,gtins,name,category,brand,tax_class,base_unit,pack_sizes\n"
    rows = "".join(f"{sku},,Biscuits of the kind {sku},food,,none,PCS,\n" for sku in skus)
    (shop / "products.csv").write_text(head + rows)
    head = "warehouse,sku,batch,manufactured,expiry,received,on_hand\n"
    rows = "".join(f"MAIN,{sku},B-{sku},2026-01-01,,2026-02-01,100000\n" for sku in skus)
    (shop / "batches.csv").write_text(head + rows)
    prices = "".join(f"{sku},12.50\n" for sku in skus)
    (shop / "pack" / "prices.csv").write_text("sku,price\n" + prices)
    pack = shop / "pack" / "pack.yaml"
    text = pack.read_text()
    schemes, taxes = text.index("schemes:"), text.index("taxes:")
    pack.write_text(text[:schemes] + text[taxes:])
    hub = HubProcess(folder)
    loading = run_hub(folder / "files", "load", str(shop), "--broker-port", str(hub.port))
    if loading.returncode:
        raise SystemExit(loading.stderr)
    hub.start()
    return hub


def _counter(
    folder: Path, programs: Path, heap_kb: int = MOST_KB, *, in_rom: bool = False
) -> FirmwareCounter:
    board = Path(tempfile.mkdtemp(dir=folder))
    return FirmwareCounter(
        programs / "micropython", folder / "twin", board, heap=f"{heap_kb}k", in_rom=in_rom
    )


def _enrol(counter: FirmwareCounter, hub: HubProcess, *, counting: bool) -> None:
    counter.start(counting=counting)
    counter.enrol(hub.folder / "files" / "terminals" / "shop-2.toml", port=hub.port)
    counter.wait_for("catalogue catalogue")
    counter.wait_for("catalogue pack")


def _order(counter: FirmwareCounter, hub: HubProcess) -> dict[str, float]:
    """Time orders of one line, and count what their records and slips cost the flash."""
    _enrol(counter, hub, counting=True)
    waits: list[float] = []
    wear: list[list[int]] = []
    for _ in range(ORDERS):
        counter.scan("P07")
        counter.wait(lambda: counter.said[-1].endswith("Biscuits of the kind P07"), "a scan")
        began = time.perf_counter()
        counter.scan("OW-SUBMIT")
        counter.wait(lambda: counter.answered() > len(waits), "an answer")
        waits.append((time.perf_counter() - began) * 1000)
        counter.printer.wait_for_slips(len(waits), timeout_s=30)
        counter.wait(lambda: counter.said[-1].startswith("wear"), "the wear")
        wear.append([int(count) for count in counter.said[-1].split()[1:]])
    counter.close()
    (first, erased), (last, erased_last) = wear[0], wear[-1]
    return {
        "order_ms": round(sorted(waits)[len(waits) // 2], 1),
        "flash_writes_per_order": round((last - first) / (ORDERS - 1), 1),
        "flash_erases_per_order": round((erased_last - erased) / (ORDERS - 1), 1),
    }


def _least_heap(folder: Path, programs: Path, hub: HubProcess, *, in_rom: bool) -> int:
    """Halve the span between a heap that is too small and one that is not."""
    small, large = LEAST_KB, MOST_KB
    while large - small > STEP_KB:
        middle = (small + large) // 2 // STEP_KB * STEP_KB
        if _is_enough(_counter(folder, programs, middle, in_rom=in_rom), hub):
            large = middle
        else:
            small = middle
    return large * 1024


def _is_enough(counter: FirmwareCounter, hub: HubProcess) -> bool:
    """See whether an order of 40 lines comes to its slip."""
    try:
        _enrol(counter, hub, counting=False)
        counter.order(*(f"P{n:02}" for n in range(LINES)))
        counter.wait(lambda: counter.answered() == 1, "the answer")
        counter.printer.wait_for_slips(1, timeout_s=30)
    except (AssertionError, TimeoutError):
        return False
    finally:
        counter.close()
    return True


if __name__ == "__main__":
    main()
