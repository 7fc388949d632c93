"""The tester's web page around one counter terminal."""

from simulators.bench.app import create_bench
from simulators.bench.screen import screen_of_page
from simulators.bench.server import BenchServer
from simulators.bench.settings import BenchSettings, OtherBench, Scans, ShelfProduct, Switch

__all__ = [
    "BenchServer",
    "BenchSettings",
    "OtherBench",
    "Scans",
    "ShelfProduct",
    "Switch",
    "create_bench",
    "screen_of_page",
]
