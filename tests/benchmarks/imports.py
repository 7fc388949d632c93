"""How long files of products and prices take, and how much memory.

A new hub takes 50,000 products with bar codes, packs and prices at its command line, as a
distributor would: FILE is checked without a trace, taken, and taken again with another price in
every tenth row. Goals: 30 s and 300 MiB for each. Then a million prices in twenty lists of these
products are taken into a draft of the rule pack and, once that is published, taken again with
another price in every tenth row. Goals: 120 s and 300 MiB. There is nothing to compare with but
these goals, so run it where nothing else runs.
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
MOST_PRICES_S: Final = 120.0
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
    parser.add_argument("--lists", type=int, default=20, help="price lists, each of all products")
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="orderwire-bench-") as folder:
        figures = _measure(Path(folder), arguments.products)
        figures |= _measure_prices(Path(folder), arguments.products, arguments.lists)
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
    return {
        name: _import(folder, "products", files[file], *more, most_s=MOST_S)
        for name, (file, *more) in steps.items()
    }


def _measure_prices(folder: Path, products: int, lists: int) -> dict[str, dict[str, float]]:
    """Give the same of files of prices: into lists without a price, and into lists with one."""
    _run(folder, "user", "add", "meera", "--role", "owner", "--password-stdin")
    by_asha, by_meera = (("--by", name, "--password-stdin") for name in ("asha", "meera"))
    _run(folder, "pack", "begin", "--home", "IN/KA", *by_asha)
    shops = folder / "shops.csv"
    shops.write_text("code,name\n" + "".join(f"C{n},Shop {n}\n" for n in range(1, lists)))
    _run(folder, "import", "customers", str(shops), *by_asha)
    _run(folder, "pack", "add", str(_write_lists(folder / "lists", lists)), *by_asha)
    _run(folder, "pack", "publish", "2", "--yes", *by_meera)
    figures = {}
    for version, name in ((3, "prices_taken"), (4, "prices_changed")):
        file = folder / f"{name}.csv"
        with file.open("w", encoding="utf-8") as stream:
            stream.write("list,sku,price\n")
            stream.writelines(_prices(products, lists, dearer=version == 4))
        figures[name] = _import(folder, "prices", file, most_s=MOST_PRICES_S)
        _run(folder, "pack", "publish", str(version), "--yes", *by_meera)
    return figures


def _import(folder: Path, kind: str, file: Path, *more: str, most_s: float) -> dict[str, float]:
    """Take a file; gives its seconds and the most memory, with whether the goals are kept."""
    proof = ("--by", "asha", "--password-stdin")
    seconds, cpu, mib = _run(folder, "import", kind, str(file), *more, *proof)
    said = {"seconds": round(seconds, 1), "cpu_seconds": round(cpu, 1), "mib": round(mib)}
    return {**said, "kept": seconds <= most_s and mib <= MOST_MIB}


def _write_lists(pack: Path, lists: int) -> Path:
    """Write a rule pack of lists without a price, each for a customer of its own."""
    pack.mkdir()
    head = "pack: {name: first, version: 2, currency: INR, scale: 2, timezone: UTC, tax: exclusive}"
    entries = ["  - {id: L0, text: {en: All}, level: default, csv: l0.csv}"]
    for n in range(1, lists):
        when = f"when: {{customer: C{n}}}"
        entries.append(
            f"  - {{id: L{n}, text: {{en: L{n}}}, level: customer, {when}, csv: l{n}.csv}}"
        )
    taxes = "taxes:\n  - {id: NO-TAX, heads: {TAX: 0}}\n"
    (pack / "pack.yaml").write_text("\n".join((head, "prices:", *entries, taxes)))
    for n in range(lists):
        (pack / f"l{n}.csv").write_text("sku,price\n")
    return pack


def _prices(products: int, lists: int, *, dearer: bool) -> Iterator[str]:
    """Make the price of each product in each list; with `dearer`, every tenth costs more."""
    for n in range(products):
        for one in range(lists):
            price = 10 + (n * 7 + one) % 500 + (dearer and (n + one) % 10 == 0)
            yield f"L{one},SKU-{n:06d},{price}\n"


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
