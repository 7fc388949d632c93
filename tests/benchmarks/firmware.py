"""What the firmware needs of a board: heap, flash, byte code; and how long an order takes.

The firmware runs on MicroPython's unix port on a LittleFS of a Pico W's size, at a real hub and
broker on this machine. `heap_bytes` is what an order of 40 lines needs by TLS until its slip is
printed: the smallest heap, to 8 kB, in which nothing lacks memory, and `tls_bytes`, which the TLS
library of this port takes beside the heap. The code is in ROM, as in an image with the frozen
manifest. `heap_plain_bytes` is the smallest heap without TLS, `heap_files_bytes` that without TLS
and with the code in files, which are loaded into the heap. All are of 64-bit words, where a board's
are of 32. `order_ms` is from the scan of SUBMIT to the stored answer of an order of one line.
`flash_writes_per_order` counts what LittleFS programs for such an order with its slip,
`flash_erases_per_order` the blocks it erases. `mpy_bytes` is the byte code for a Pico W. Compares
with nothing. Takes two minutes. Run it with: ./orderwire bench firmware --json
"""

import argparse
import json
import struct
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

from firmware.build import build
from tests.builders.hub_commands import run_hub
from tests.builders.many_products import name_of, sell_more, sku_of
from tests.builders.tls_front import TlsFront
from tests.fixtures.firmware import FirmwareCounter, firmware_environment
from tests.fixtures.hub_process import HubProcess, write_distributor

LINES = 40
ORDERS = 20
LEAST_KB, MOST_KB, STEP_KB = 64, 256, 8
COUNTS_ALLOCATIONS = "/lib/x86_64-linux-gnu/libmemusage.so"
"""Part of the C library: writes down, at each allocation, how much is allocated."""
ENTRY = struct.Struct("<QQII")


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
        with TlsFront(folder, hub.port) as front:
            trials = Trials(folder, programs, hub, front)
            return {**trials.measure(), "mpy_bytes": sum(sizes.values())}
    finally:
        hub.clean_up()


def _hub(folder: Path) -> HubProcess:
    """Load and start a hub with so many products."""
    shop = sell_more(write_distributor(folder / "shop"), count=LINES)
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


class Trials:
    """Boards at a hub, each with a new flash: by TLS or not, their code in ROM or in files."""

    def __init__(self, folder: Path, programs: Path, hub: HubProcess, front: TlsFront) -> None:
        self._folder = folder
        self._programs = programs
        self._hub = hub
        self._front = front

    def measure(self) -> dict[str, float]:
        """Give all figures but that of the byte code."""
        figures = self._order()
        heap, tls = self._least_heap(by_tls=True), self._tls_bytes()
        return {
            "heap_bytes": heap + tls,
            "tls_bytes": tls,
            "heap_plain_bytes": self._least_heap(),
            "heap_files_bytes": self._least_heap(in_rom=False),
            **figures,
        }

    def _order(self) -> dict[str, float]:
        """Time orders of one line, and count what their records and slips cost the flash."""
        counter = self._counter(MOST_KB, in_rom=False)
        self._enrol(counter, counting=True)
        waits: list[float] = []
        wear: list[list[int]] = []
        for _ in range(ORDERS):
            counter.scan(sku_of(7))
            counter.wait(lambda: counter.said[-1].endswith(name_of(7)), "a scan")
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

    def _least_heap(self, *, in_rom: bool = True, by_tls: bool = False) -> int:
        """Halve the span between a heap that is too small and one that is not; gives bytes."""
        small, large = LEAST_KB, MOST_KB
        while large - small > STEP_KB:
            middle = (small + large) // 2 // STEP_KB * STEP_KB
            if self._is_enough(self._counter(middle, in_rom=in_rom), by_tls=by_tls):
                large = middle
            else:
                small = middle
        return large * 1024

    def _tls_bytes(self) -> int:
        """Tell how much more is allocated outside of the heap by TLS than without it."""
        most = []
        for by_tls in (True, False):
            counter = self._counter(MOST_KB, in_rom=True)
            trace = counter.flash.with_name("allocations")
            counter.environ["LD_PRELOAD"] = COUNTS_ALLOCATIONS
            counter.environ["MEMUSAGE_OUTPUT"] = str(trace)
            counter.environ["MEMUSAGE_BUFFER_SIZE"] = "1"
            if not self._is_enough(counter, by_tls=by_tls):
                raise SystemExit(f"{MOST_KB} kB are too little")
            most.append(_beside_the_heap(trace))
        return most[0] - most[1]

    def _is_enough(self, counter: FirmwareCounter, *, by_tls: bool) -> bool:
        """See whether an order of 40 lines comes to its slip, and nothing lacks memory."""

        def lacks() -> bool:
            return any("MemoryError" in line for line in counter.said)

        try:
            self._enrol(counter, by_tls=by_tls, until=lacks)
            counter.scan(*map(sku_of, range(LINES)), "OW-SUBMIT")
            counter.wait(lambda: lacks() or counter.answered() == 1, "the answer")
            if not lacks():
                counter.printer.wait_for_slips(1, timeout_s=30)
        except (AssertionError, TimeoutError):
            return False
        finally:
            counter.close()
        return not lacks()

    def _counter(self, heap_kb: int, *, in_rom: bool) -> FirmwareCounter:
        board = Path(tempfile.mkdtemp(dir=self._folder))
        program, twin = self._programs / "micropython", self._folder / "twin"
        return FirmwareCounter(program, twin, board, heap=f"{heap_kb}k", in_rom=in_rom)

    def _enrol(
        self,
        counter: FirmwareCounter,
        *,
        counting: bool = False,
        by_tls: bool = False,
        until: Callable[[], bool] = lambda: False,
    ) -> None:
        """Start and enrol a board, and wait for its lists or `until` something else is so."""
        claim: dict[str, object] = {}
        if by_tls:
            counter.lay_authority(self._front.authority)
            claim = {"host": "localhost", "ca": self._front.authority.name}
        counter.start(counting=counting)
        port = self._front.port if by_tls else self._hub.port
        told = self._hub.folder / "files" / "terminals" / "shop-2.toml"
        counter.enrol(told, port=port, **claim)
        for words in ("catalogue catalogue", "catalogue pack"):
            counter.wait(partial(_is_so, counter, words, until), words)


def _is_so(counter: FirmwareCounter, words: str, until: Callable[[], bool]) -> bool:
    return until() or bool(counter.heard(words))


def _beside_the_heap(trace: Path) -> int:
    """Give the most that was allocated after the heap was, as one piece."""
    levels: list[int] = [level for level, *_ in ENTRY.iter_unpack(trace.read_bytes())][2:]
    begun = next(
        at
        for at, (level, later) in enumerate(pairwise(levels), 1)
        if 0 <= later - level - MOST_KB * 1024 < STEP_KB * 1024
    )
    return max(levels[begun:]) - levels[begun]


if __name__ == "__main__":
    main()
