"""How long files of products take, and how much memory: looked at, taken, changed, as a workbook.

A new hub takes 50,000 products with bar codes, packs and prices at its command line, as a
distributor would: FILE is checked without a trace, taken, and taken again with another price in
every tenth row. Goals: 30 s and 300 MiB for each. There is nothing to compare with but these goals,
so run it where nothing else runs.
Run it with: ./orderwire bench imports --json
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hub.base.sheets import COMMA, write_workbook
from hub.desk.imports.model import write_rows
from hub.desk.parties.model.cells import check_digit

MOST_S: Final = 30.0
MOST_MIB: Final = 300.0
_HEAD: Final = (
    *("sku", "name", "brand", "category", "tax_class", "hsn", "pack_sizes"),
    *("gtins", "pack_gtins", "mrp", "reorder_level"),
)
_PASSWORD: Final = "imports are measured with this"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--products", type=int, default=50_000, help="how many rows there are")
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="orderwire-bench-") as folder:
        figures = _measure(Path(folder), arguments.products)
    for name, figure in figures.items():
        print(f"{name}: {figure['seconds']} s, {figure['mib']} MiB", file=sys.stderr)
    if arguments.json:
        print(json.dumps(figures))


def _measure(folder: Path, products: int) -> dict[str, dict[str, float]]:
    """Give seconds and the most memory of each step, with whether the goals are kept."""
    first, second = list(_rows(products)), list(_rows(products, dearer=True))
    files = {name: folder / name for name in ("new.csv", "dearer.csv", "dearer.xlsx")}
    files["new.csv"].write_text(write_rows(_HEAD, first, COMMA), encoding="utf-8", newline="")
    files["dearer.csv"].write_text(write_rows(_HEAD, second, COMMA), encoding="utf-8", newline="")
    files["dearer.xlsx"].write_bytes(write_workbook("products", [_HEAD, *second]))
    _run(folder, "user", "add", "asha", "--role", "owner", "--password-stdin")
    steps = {
        "checked": ("new.csv", "--dry-run"),
        "taken": ("new.csv",),
        "changed": ("dearer.csv",),
        "same_workbook": ("dearer.xlsx",),
    }
    figures = {}
    for name, (file, *more) in steps.items():
        proof = ("--by", "asha", "--password-stdin")
        seconds, cpu, mib = _run(folder, "import", "products", str(files[file]), *more, *proof)
        kept = seconds <= MOST_S and mib <= MOST_MIB
        said = {"seconds": round(seconds, 1), "cpu_seconds": round(cpu, 1), "mib": round(mib)}
        figures[name] = {**said, "kept": kept}
    return figures


def _rows(count: int, *, dearer: bool = False) -> Iterator[Sequence[str]]:
    """Make products; with `dearer`, every tenth costs more."""
    for n in range(count):
        piece, case = f"89{n:010d}", f"189{n:010d}"
        price = 10 + n % 500 + (1 if dearer and n % 10 == 0 else 0)
        yield (
            *(f"SKU-{n:06d}", f"Product number {n} 250 g", f"Brand {n % 40}"),
            *(f"food/group {n % 60}", "gst5", "090240", "CASE=12"),
            *(piece + check_digit(piece), f"CASE={case}{check_digit(case)}"),
            *(f"{price}.00", "24"),
        )


def _run(folder: Path, *words: str) -> tuple[float, float, float]:
    """Run a command of the hub; gives its seconds, those it worked, and its most memory in MiB."""
    command = [sys.executable, "-m", "hub", *words, "--data", str(folder / "hub")]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None  # it was asked for
    child.stdin.write(f"{_PASSWORD}\n".encode())
    child.stdin.close()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {child.returncode}")
    seconds = time.perf_counter() - start
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
