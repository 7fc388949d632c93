"""Refresh the vendored browser files from their npm packages (for developers, needs npm)."""

import argparse
import hashlib
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

VENDOR: Final = Path(__file__).parent / "static" / "vendor"
MANIFEST: Final = VENDOR / "manifest.json"

_SVG = "http://www.w3.org/2000/svg"

# Tabler's package names its licence in package.json and in the banner of its CSS, but carries no
# licence file.
_TABLER_LICENCE: Final = """\
MIT License

Copyright (c) 2018-2026 The Tabler Authors
Copyright (c) 2018-2026 codecalm.net Paweł Kuna

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""

ICONS: Final = (
    "alert-triangle",
    "arrow-back-up",
    "arrow-down",
    "arrow-left",
    "arrow-up",
    "ban",
    "bookmark",
    "box",
    "building-store",
    "building-warehouse",
    "bulb",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "circle-x",
    "clock",
    "columns",
    "devices",
    "dots",
    "download",
    "file-invoice",
    "filter",
    "gift",
    "hand-stop",
    "history",
    "home",
    "keyboard",
    "layout-sidebar-left-collapse",
    "list-check",
    "lock",
    "logout",
    "mail-off",
    "map-pin",
    "message",
    "moon",
    "network",
    "package",
    "pencil",
    "player-pause",
    "plus",
    "printer",
    "receipt-2",
    "refresh",
    "route",
    "search",
    "shopping-cart",
    "tag",
    "trash",
    "truck",
    "user",
    "users",
    "wifi",
    "wifi-off",
    "x",
)
"""The drawings the pages use; the whole icon font would be 700 KB for these."""


@dataclass(frozen=True, slots=True)
class Vendored:
    """One npm package: which of its files are kept, under `folder`."""

    package: str
    version: str
    folder: str
    files: Sequence[str]
    licence: str | None = None


PACKAGES: Final = (
    Vendored("htmx.org", "4.0.1", "htmx-4.0.1", ("dist/htmx.min.js", "dist/ext/hx-sse.min.js")),
    Vendored(
        "@tabler/core",
        "1.6.1",
        "tabler-1.6.1",
        ("dist/css/tabler.min.css",),
        licence=_TABLER_LICENCE,
    ),
    Vendored("@tabler/icons", "3.51.0", "tabler-icons-3.51.0", ()),
    Vendored("idb", "8.0.4", "idb-8.0.4", ("build/umd.js",)),
)


def digest(path: Path) -> str:
    """Give the file's SHA-256 in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def vendored_files() -> list[Path]:
    """List every vendored file, the manifest itself excepted."""
    return sorted(path for path in VENDOR.rglob("*") if path.is_file() and path != MANIFEST)


def _fetch(wanted: Vendored, folder: Path) -> Path:
    """Unpack the package's tarball below `folder` and give its root."""
    named = f"{wanted.package}@{wanted.version}"
    packed = subprocess.run(
        ["npm", "pack", "--silent", named], cwd=folder, check=True, capture_output=True, text=True
    )
    root = folder / wanted.folder
    with tarfile.open(folder / packed.stdout.split()[-1]) as tarball:
        tarball.extractall(root, filter="data")
    return root / "package"


def _sprite(icons: Path) -> str:
    """Join the icons' drawings into one SVG of symbols, named by their file names."""
    ET.register_namespace("", _SVG)
    sprite = ET.Element(f"{{{_SVG}}}svg")
    for name in ICONS:
        drawing = ET.parse(icons / "outline" / f"{name}.svg").getroot()  # noqa: S314 -- pinned
        symbol = ET.SubElement(sprite, f"{{{_SVG}}}symbol", id=name, viewBox="0 0 24 24")
        symbol.extend(stroke for stroke in drawing if stroke.get("stroke") != "none")
    ET.indent(sprite, "")
    return ET.tostring(sprite, encoding="unicode") + "\n"


def _keep(wanted: Vendored, source: Path) -> None:
    target = VENDOR / wanted.folder
    target.mkdir(parents=True, exist_ok=True)
    for name in wanted.files:
        (target / Path(name).name).write_bytes((source / name).read_bytes())
    if (source / "icons").is_dir():
        (target / "sprite.svg").write_text(_sprite(source / "icons"), encoding="utf-8")
    licence = wanted.licence or (source / "LICENSE").read_text(encoding="utf-8")
    (target / "LICENSE").write_text(licence, encoding="utf-8")


def main() -> None:
    """Fetch the packages and write the kept files and the manifest of their hashes."""
    parser = argparse.ArgumentParser(
        prog="python -m hub.web.vendor",
        description=__doc__,
        epilog="example: python -m hub.web.vendor   (then run the tests and commit the folder)",
    )
    parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for wanted in PACKAGES:
            _keep(wanted, _fetch(wanted, Path(folder)))
    hashes = {path.relative_to(VENDOR).as_posix(): digest(path) for path in vendored_files()}
    MANIFEST.write_text(json.dumps(hashes, indent=1) + "\n", encoding="utf-8")
    print(f"{len(hashes)} files in {VENDOR}")


if __name__ == "__main__":
    main()
