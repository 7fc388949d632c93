"""Laid-out rows to ESC/POS bytes: text in the pinned page, pictures only where it lacks letters.

python-escpos encodes and nothing else. Importing it costs 15 MB and brings a YAML parser, so the
daemon runs this module as a child process (see `encoding`).
"""

import argparse
import contextlib
import functools
import io
import json
import os
import pickle
import platform
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec

from terminal.core.layout import FNC1, FNC3, Row, lay_out, padded
from terminal.core.ports import Job
from terminal.devices.encoding import LENGTH_BYTES
from terminal.devices.profiles import PROFILES, Profile, profile_of
from terminal.devices.raster import Pen, find_pen

if TYPE_CHECKING:
    from escpos.printer import Dummy
    from PIL.Image import Image

_KANJI_OFF: Final = b"\x1c."  # FS . : Chinese clones start in GB18030 and swallow letter pairs
_DRAWER: Final = b"\x1bp\x00\x19\xfa"  # ESC p : pin 2 for 50 ms, then at least 500 ms nothing
_FEED_LINES: Final = 4
_PICTURE_ROWS: Final = 24
"""A picture goes out in bands of so many rows of dots, or fewer where the buffer is smaller."""
_BESIDE: Final = 64
"""Bytes of a piece beside its band: what sets the line up, and the head of the picture."""
_QR_DOTS: Final = 4
"""Dots of a module where the terminal draws the code itself."""
_BARCODE_DOTS: Final = 2
_WORTH_PAIRS: Final = 4
"""So many digits make fewer symbols in pairs, with the one that begins the pairs."""
_NARROWEST_BARS: Final = 384
"""Dots of 58 mm paper, on which every code of the sheet has room."""
_BARCODE_MODULES: Final = 11
_BARCODE_FRAME: Final = 35  # start, check and stop of Code 128, in modules
_TABLES: Final = "ESCPOS_CAPABILITIES_PICKLE_DIR"
_MISSING: Final = "■"
_IN_WORDS: Final = {
    "\u20b9": "Rs",
    "\u201c": '"',
    "\u201d": '"',
    "\u2018": "'",
    "\u2019": "'",
    "\u2013": "-",
    "\u2014": "-",
    "\u2026": "...",
}  # the rupee sign and typographic quotes and dashes
_NOTE: Final = Row(f"{_MISSING} = letters this printer lacks", center=True)


class EscposEncoder:
    """Encodes in this process, for those who already paid for the libraries."""

    def __init__(self, profile: str) -> None:
        self._profile = PROFILES[profile]

    def warm(self) -> None:
        """Nothing to prepare."""

    async def encode(self, rows: Sequence[Row]) -> Job:
        """Give the whole job."""
        return encode(rows, self._profile)

    async def aclose(self) -> None:
        """Nothing to let go."""


def encode(rows: Iterable[Row], profile: Profile) -> Job:
    """Give the pieces of one slip, from the printer's reset to the cut."""
    lines = lay_out(rows, profile.columns)
    with contextlib.redirect_stdout(io.StringIO()):  # the library remarks on each barcode
        return _Writer(profile).slip(lines)


class _Writer:
    """Writes lines with python-escpos, whose state it keeps."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._dummy: Dummy = _dummy(profile)
        self._lossy = False
        # The reset comes first, then the page: a reset would forget it.
        self._pieces = [b"\x1b@" + _KANJI_OFF]

    def slip(self, lines: Iterable[Row]) -> Job:
        self._dummy.charcode(self._profile.code_page.upper())
        for line in lines:
            self._line(line)
            self._end_piece()
        if self._lossy:
            self._text(_NOTE)
        self._dummy.print_and_feed(_FEED_LINES)
        if self._profile.cutter:
            self._dummy.cut(mode="PART", feed=False)
        self._end_piece()
        return tuple(self._pieces)

    def _end_piece(self) -> None:
        """Take what was written since the last whole line."""
        if written := self._dummy.output:
            self._pieces.append(written)
            self._dummy.clear()

    def _line(self, line: Row) -> None:
        match line.kind:
            case "rule":
                self._dummy.set(align="left")
                self._dummy.text("-" * self._profile.columns + "\n")
            case "qr":
                self._qr(line.left)
            case "barcode":
                self._barcode(line.left)
            case "ruler":
                self._dummy.text(f"{_plain(line.left)}\n")
            case "drawer":
                self._pieces.append(_DRAWER)
            case "text":
                self._text(line)

    def _text(self, line: Row) -> None:
        """Write one line as text, as a picture where it must, with visible gaps where it cannot."""
        line = replace(line, left=_plain(line.left), right=_plain(line.right))
        text = line.left + line.right
        if not self._writable(text):
            pen = find_pen(text, self._profile.dots)
            if pen is not None:
                self._picture(line, pen)
                return
            line = replace(line, left=self._spelled(line.left), right=self._spelled(line.right))
        for part in lay_out([line], self._profile.columns):  # spelling out can make it longer
            self._styled(part)

    def _styled(self, line: Row) -> None:
        columns = self._profile.columns
        big = line.style == "big"
        self._dummy.set(
            align="left",
            bold=line.style == "bold",
            invert=line.style == "inverse",
            double_width=big,
            double_height=big,
            normal_textsize=not big,
        )
        if line.style == "inverse" and line.center:
            self._dummy.set(align="center", invert=True)
            self._dummy.text(line.left.strip() + "\n")
        else:
            self._dummy.text(padded(line, columns // 2 if big else columns) + "\n")
        if line.style != "normal":
            self._dummy.set(align="left", bold=False, invert=False, normal_textsize=True)

    def _picture(self, line: Row, pen: Pen) -> None:
        self._dummy.set(align="left")
        image = pen.draw(
            line.left,
            line.right,
            center=line.center,
            style=line.style,
            from_right=line.from_right,
        )
        self._bands(image)

    def _bands(self, image: "Image") -> None:
        """Write a picture in pieces, none of which is larger than the printer's buffer."""
        most = (self._profile.buffer_bytes - _BESIDE) // -(-image.width // 8)
        rows = min(_PICTURE_ROWS, most)
        for top in range(0, image.height, rows):
            band = image.crop((0, top, image.width, min(image.height, top + rows)))
            self._dummy.image(band, center=False)
            self._end_piece()

    def _qr(self, content: str) -> None:
        self._dummy.set(align="center")
        if self._profile.native_qr:
            self._dummy.qr(content, size=6, native=True)
            self._dummy.text("\n")
        else:
            self._dummy.text("\n")
            self._bands(_qr_picture(content))
            self._dummy.text("\n\n")
        self._dummy.set(align="left")

    def _barcode(self, content: str) -> None:
        """Write a Code 128; one too wide for the paper is left out, its text stands elsewhere.

        On paper of 20 columns hardly any has room: there it is a square code, which more scanners
        than not can read.

        Where every letter by itself is too wide, the digits at its end go in pairs: with that the
        number `counter-1-00007` stands on 58 mm as well.
        """
        written = next(
            (code for code, symbols in _code_128(content) if self._has_room(symbols)), None
        )
        if written is None:
            if self._profile.dots < _NARROWEST_BARS and FNC3 not in content:
                self._qr(content.replace(FNC1, ""))
            return
        self._dummy.barcode(written, "CODE128", height=60, width=_BARCODE_DOTS, function_type="B")
        self._dummy.set(align="left")

    def _has_room(self, symbols: int) -> bool:
        modules = _BARCODE_MODULES * symbols + _BARCODE_FRAME
        return modules * _BARCODE_DOTS <= self._profile.dots

    def _writable(self, text: str) -> bool:
        try:
            text.encode(self._profile.code_page)
        except UnicodeEncodeError:
            return False
        return True

    def _spelled(self, text: str) -> str:
        """Write what the page has; else the letter without its marks; else a visible block."""
        return "".join(char if self._writable(char) else self._spell(char) for char in text)

    def _spell(self, char: str) -> str:
        plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
        spelled = _IN_WORDS.get(char, plain)
        if spelled:
            return spelled
        if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
            return ""
        self._lossy = True
        return _MISSING if self._writable(_MISSING) else "#"


def _code_128(content: str) -> Iterator[tuple[str, int]]:
    """Give the ways to write a Code 128 (GS k, function B), each with how many symbols it takes.

    Digits at the end may go in pairs (code set C): `shop-00007` is `{Bshop-0{C` and two symbols.
    """
    if FNC1 in content or FNC3 in content:
        # Function B: GS k has the signs as {1 and {3 in code set B.
        yield "{B" + content.replace(FNC1, "{1").replace(FNC3, "{3"), len(content)
        return
    yield "{B" + content, len(content)
    digits = len(content) - len(content.rstrip("0123456789"))
    paired = digits - digits % 2
    if paired >= _WORTH_PAIRS:
        rest, numbers = content[:-paired], content[-paired:]
        pairs = "".join(chr(int(numbers[at : at + 2])) for at in range(0, paired, 2))
        start = "{B" + rest + "{C" if rest else "{C"
        yield start + pairs, len(rest) + bool(rest) + len(pairs)


def _qr_picture(content: str) -> "Image":
    """Draw a QR code for a printer that cannot."""
    # Imported here: most printers draw it themselves.
    import qrcode  # type: ignore[import-untyped]  # noqa: PLC0415

    code = qrcode.QRCode(
        box_size=_QR_DOTS, border=1, error_correction=qrcode.constants.ERROR_CORRECT_L
    )
    code.add_data(content)
    picture: Image = code.make_image().get_image().convert("1")
    return picture


def _plain(text: str) -> str:
    """Keep control characters from the printer, whatever the caller let through."""
    return "".join(char if char.isprintable() or char in "\u200c\u200d" else " " for char in text)


@functools.cache
def _library() -> tuple[type[Any], "type[Dummy]"]:
    """Import the library's profile and encoder, without what it leaves on the disk.

    With each import it makes a new folder among the system's temporary files, may write its table
    into it, and never looks at that folder again.
    """
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="orderwire-encoder-") as folder, _read_table(folder):
        tempfile.tempdir = folder
        try:
            from escpos import capabilities  # noqa: PLC0415  # 0.2 s: only here
            from escpos.printer import Dummy  # noqa: PLC0415
        finally:
            tempfile.tempdir = before
    return capabilities.Profile, Dummy


@contextlib.contextmanager
def _read_table(folder: str) -> Iterator[None]:
    """Put the library's table where it looks for one that was read before.

    It is JSON, which the library would read as YAML: for half of all that its import takes.
    """
    import escpos  # noqa: PLC0415

    source = Path(escpos.__file__).with_name("capabilities.json")
    kept = Path(folder, f"{platform.python_version()}.capabilities.pickle")
    kept.write_bytes(pickle.dumps(json.loads(source.read_bytes())))
    os.utime(kept, (source.stat().st_atime, source.stat().st_mtime))  # whatever the clock shows
    before = os.environ.get(_TABLES)
    os.environ[_TABLES] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ[_TABLES]
        else:
            os.environ[_TABLES] = before


def _dummy(profile: Profile) -> "Dummy":
    """Make the library's encoder believe our profile instead of its table."""
    base, dummy = _library()
    features = {
        "barcodeB": True,
        "bitImageRaster": True,
        "paperFullCut": profile.cutter,
        "paperPartCut": profile.cutter,
        "qrCode": profile.native_qr,
    }
    table: dict[str, Any] = {
        "name": profile.name,
        "columns": profile.columns,
        "codePages": {str(profile.code_table): profile.code_page.upper()},
        "features": features,
        "fonts": {"0": {"name": "Font A", "columns": profile.columns}},
        "media": {"dpi": 203, "width": {"pixels": profile.dots}},
    }
    ours = type("OurProfile", (base,), {"profile_data": table})
    return dummy(profile=ours(columns=profile.columns, features=features))


def main() -> None:
    """Encode slips: rows as JSON on standard input, jobs on standard output, until its end."""
    parser = argparse.ArgumentParser(description=main.__doc__, prog="terminal.devices.escpos")
    parser.add_argument("profile")
    profile = profile_of(parser.parse_args().profile)
    # What the library writes to standard output must not get among the jobs.
    with os.fdopen(os.dup(1), "wb") as jobs:
        os.dup2(2, 1)
        _dummy(profile)  # everything slow is done before the first slip comes
        _serve(sys.stdin.buffer, jobs, profile)


def _serve(slips: BinaryIO, jobs: BinaryIO, profile: Profile) -> None:
    """Answer each slip by its job, or by what was wrong with it."""
    while len(head := slips.read(LENGTH_BYTES)) == LENGTH_BYTES:
        body = slips.read(int.from_bytes(head, "big"))
        answer: Job | str
        try:
            answer = encode(msgspec.json.decode(body, type=tuple[Row, ...]), profile)
        except Exception as error:  # noqa: BLE001  # one bad slip must not end the others' encoder
            answer = f"{type(error).__name__}: {error}"
        packed = msgspec.msgpack.encode(answer)
        jobs.write(len(packed).to_bytes(LENGTH_BYTES, "big") + packed)
        jobs.flush()


if __name__ == "__main__":
    main()
