"""The counter terminal as the program it is in a shop: own process, serial scanner, TCP printer."""

import http.client
import json
import time
from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from simulators.data import Pick
from simulators.devices import UNPACED, Pace, SimulatedPrinter, SimulatedScanner, Slip
from simulators.errors import MisreadError
from simulators.faults import Child, free_port, python_module
from simulators.fleet import SUBMIT, Asked, codes_of
from simulators.scenarios.site import HOST, Layout
from terminal.store import audit, read_records
from terminal.store.records import OrderRecord

LOOK_EVERY_S: Final = 0.05
DEADLINE_S: Final = 60.0

State = dict[str, Any]


class DaemonCounter:
    """`python -m terminal run` with a simulated scanner and printer, and a hand at them.

    Entering starts it, leaving stops it; `child` may be killed and started in between.
    """

    forgotten: Final = 0
    """Its store keeps more than a run orders."""

    def __init__(
        self,
        name: str,
        paths: Layout,
        *,
        broker_port: int,
        pace: Pace = UNPACED,
        suffix: str = "\r",
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Plan it; its scanner sends `suffix` behind a code, `environ` is for the terminal."""
        self.id = name
        self.asked: list[Asked] = []
        self.scanner = SimulatedScanner(suffix=suffix)
        self.printer = SimulatedPrinter.on_tcp(HOST, pace=pace)
        self.folder = paths.terminal(name)
        self._earlier = len(self.records()) if self.folder.exists() else 0
        self.child = Child(
            name,
            python_module(
                *("terminal", "run", "--config", str(paths.config(name))),
                *("--data", str(self.folder)),
            ),
            log=paths.logs / f"{name}.log",
            environ={**self._environ(broker_port), **(environ or {})},
        )

    def _environ(self, broker_port: int) -> dict[str, str]:
        """Plug the devices in: the ready-made configuration knows none."""
        assert self.printer.address is not None  # noqa: S101  # made on TCP
        host, port = self.printer.address
        values = {
            "broker_host": HOST,
            "broker_port": broker_port,
            "scanner_kind": "serial",
            "scanner_path": self.scanner.path,
            "printer_kind": "tcp",
            "printer_host": host,
            "printer_port": port,
            "page_host": HOST,
            "page_port": free_port(),
        }
        return {f"ORDERWIRE_TERMINAL_{name.upper()}": str(is_) for name, is_ in values.items()}

    def __enter__(self) -> Self:
        """Start it and wait until it can be scanned at."""
        self.launch()
        self.child.wait_ready()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    def launch(self) -> None:
        """Switch the printer on and start the terminal, without waiting for it."""
        self.printer.start()
        self.child.launch()

    def stop(self) -> None:
        """Stop the terminal and unplug its devices."""
        self.child.stop()
        self.printer.stop()
        self.scanner.close()

    @property
    def page(self) -> str:
        """The address of the terminal's own page."""
        return str(self.child.ready["page"])

    def state(self) -> State:
        """Look at the terminal's screen through its page."""
        url = urlsplit(self.page)
        connection = http.client.HTTPConnection(url.hostname or HOST, url.port, timeout=10)
        try:
            connection.request("GET", "/state")
            state = json.load(connection.getresponse())
        finally:
            connection.close()
        if not isinstance(state, dict):
            raise MisreadError(f"{self.id}: its page says {state!r}")
        return state

    def until(
        self, seen: Callable[[State], bool], what: str, *, within_s: float = DEADLINE_S
    ) -> State:
        """Look until the screen shows what `seen` looks for; raises MisreadError with `what`."""
        deadline = time.monotonic() + within_s
        while not seen(state := self.state()):
            if time.monotonic() > deadline:
                raise MisreadError(f"{self.id}: {what} did not happen in {within_s:.0f} s: {state}")
            time.sleep(LOOK_EVERY_S)
        return state

    def ready(self) -> None:
        """Wait until the terminal is connected and has customer, catalogue and prices."""
        self.until(
            lambda state: (
                state["link"] == "online"
                and bool(state["customer"])
                and bool(state["pack"])
                and not state["said"].startswith("No catalogue")
            ),
            "being connected",
        )

    def order(self, picks: Sequence[Pick]) -> None:
        """Scan products and quantities, submit, and wait for the first slip of the order."""
        self.scan_products(picks)
        self.submit(len({pick.sku for pick in picks}))

    def scan_products(self, picks: Sequence[Pick]) -> None:
        """Scan products and quantities, each once the screen shows what was scanned before it.

        A counter that gets no processor for a while reads two codes at one time, and takes them
        for one with a line break in it.
        """
        total: Tally[str] = Tally()
        scanned = 0
        for count, pick in enumerate(picks, 1):
            total[pick.sku] += pick.quantity
            codes = list(codes_of(picks[:count]))
            for code in codes[scanned:]:
                self.scanner.scan(code)
            scanned = len(codes)
            self.until(
                lambda state: {line["sku"]: line["quantity"] for line in state["lines"]} == total,
                "the order so far on the screen",
            )

    def submit(self, lines: int) -> None:
        """Submit the open order of so many lines and wait for its first slip."""
        before = len(self.slips())
        self.scanner.scan(SUBMIT)
        self.printer.wait_for_slips(before + 1, timeout_s=DEADLINE_S)
        self.asked.append(Asked(self._earlier + len(self.asked) + 1, lines))

    def quiet(self) -> None:
        """Wait until every order has its answer and every slip is on paper."""
        self.until(
            lambda state: state["queued"] == 0 and state["slips_waiting"] == 0, "coming to rest"
        )

    def records(self) -> tuple[OrderRecord, ...]:
        """Read the orders from the terminal's own store."""
        return read_records(self.folder)

    def faults(self) -> tuple[str, ...]:
        """Let the terminal's own audit look for broken promises."""
        return tuple(f"{self.id}: {fault}" for fault in audit(self.folder).faults)

    def slips(self) -> tuple[Slip, ...]:
        """Give what came out of the printer in this run."""
        return self.printer.slips()
