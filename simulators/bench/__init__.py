"""The tester's web page around one counter terminal."""

from simulators.bench.app import create_bench
from simulators.bench.server import BenchServer
from simulators.bench.settings import BenchSettings, Scans, ShelfProduct, Switch

__all__ = ["BenchServer", "BenchSettings", "Scans", "ShelfProduct", "Switch", "create_bench"]
