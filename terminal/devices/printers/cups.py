"""A printer that CUPS shares: the slip's bytes go to a raw queue by IPP, and CUPS hands them on.

Sources: RFC 8010 (encoding of IPP); RFC 8011, 4.2.1 Print-Job, 4.2.5 Get-Printer-Attributes, 4.3.4
Get-Job-Attributes. Only what a raw queue needs is written and read; there is no dependency.
"""

import asyncio
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from terminal.core.ports import Job, NotSentError, PrinterStatus, Proof

_PORT: Final = 631
_TIMEOUT_S: Final = 10
_VERSION: Final = b"\x01\x01"
_PRINT_JOB: Final = 0x0002
_GET_JOB: Final = 0x0009
_GET_PRINTER: Final = 0x000B
_OPERATION: Final = 0x01
_END: Final = 0x03
_INTEGER: Final = 0x21
_ENUM: Final = 0x23
_KEYWORD: Final = 0x44
_URI: Final = 0x45
_CHARSET: Final = 0x47
_LANGUAGE: Final = 0x48
_MEDIA_TYPE: Final = 0x49
_NAME: Final = 0x42
_FIRST_VALUE: Final = 0x10
"""Tags below it begin a group of attributes."""
_GOOD: Final = 0x0100
"""Status codes below it say that it was done."""
_HTTP_OK: Final = 200
_RAW: Final = "application/vnd.cups-raw"
_IDLE: Final = 3
_STOPPED: Final = 5
_LOST: Final = frozenset({7, 8})
"""Jobs that were cancelled or aborted."""
_COMPLETED: Final = 9
_REASONS: Final[Mapping[str, PrinterStatus]] = {
    "media-empty": "paper_out",
    "media-needed": "paper_out",
    "cover-open": "cover_open",
    "door-open": "cover_open",
    "offline": "offline",
    "connecting-to-device": "offline",
    "shutdown": "offline",
}

_Value = int | str
_Attribute = tuple[int, str, _Value]
"""Its kind, its name and its value."""


class CupsError(OSError):
    """CUPS did not do what it was asked."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of CUPS: where it is reached, and its name there."""

    host: str
    port: int
    path: str

    @property
    def uri(self) -> str:
        """Name it as IPP does."""
        return f"ipp://{self.host}:{self.port}{self.path}"


def queue_of(address: str) -> Queue:
    """Read `ipp://host:631/printers/Counter`, or the name of a queue of this machine."""
    if "://" not in address:
        return Queue("localhost", _PORT, f"/printers/{address}")
    parts = urlsplit(address)
    return Queue(parts.hostname or "localhost", parts.port or _PORT, parts.path)


class CupsPrinter:
    """The `Printer` port over a raw queue.

    CUPS says when it has handed all bytes on, and not whether paper came out: such a slip is
    `handed`. A job that CUPS has taken is never sent again; it prints once the printer is back.
    """

    def __init__(self, address: str) -> None:
        self._queue = queue_of(address)
        self._job: int | None = None

    async def send(self, job: Job) -> None:
        """Put a job into the queue."""
        self._job = None
        if await self.status() == "offline":
            raise NotSentError(f"CUPS is not reached, or its queue stands: {self._queue.uri}")
        answer = await asyncio.to_thread(self._asked, _PRINT_JOB, [], b"".join(job))
        number = answer.get("job-id", [])
        if not number or not isinstance(number[0], int):
            raise CupsError("CUPS did not number the job")
        self._job = number[0]

    async def proof(self) -> Proof:
        """Tell whether CUPS has handed the job on."""
        if self._job is None:
            raise CupsError("there is no job")
        about: list[_Attribute] = [
            (_INTEGER, "job-id", self._job),
            (_KEYWORD, "requested-attributes", "job-state"),
        ]
        answer = await asyncio.to_thread(self._asked, _GET_JOB, about)
        state = answer.get("job-state", [0])[0]
        if state in _LOST:
            raise CupsError("CUPS gave the job up")
        return "handed" if state == _COMPLETED else "waiting"

    async def status(self) -> PrinterStatus:
        """Ask CUPS what it knows of the printer.

        Its drivers set and clear reasons while a job runs: what an idle queue says may be over.
        """
        try:
            answer = await asyncio.to_thread(self._asked, _GET_PRINTER, [])
        except OSError:
            return "offline"
        for said in answer.get("printer-state-reasons", []):
            reason = str(said).removesuffix("-error").removesuffix("-report")
            if found := _REASONS.get(reason.removesuffix("-warning")):
                return "unknown" if answer.get("printer-state") == [_IDLE] else found
        return "offline" if answer.get("printer-state") == [_STOPPED] else "ready"

    async def aclose(self) -> None:
        """Nothing is held: each question has a connection of its own."""

    def _asked(
        self, operation: int, about: Sequence[_Attribute], document: bytes = b""
    ) -> Mapping[str, Sequence[_Value]]:
        """Ask once, and give the attributes of the answer; blocking. Raises CupsError, OSError."""
        # Imported here, with the mail parser behind it: most counters have no CUPS.
        import http.client  # noqa: PLC0415

        attributes: list[_Attribute] = [
            (_CHARSET, "attributes-charset", "utf-8"),
            (_LANGUAGE, "attributes-natural-language", "en"),
            (_URI, "printer-uri", self._queue.uri),
            (_NAME, "requesting-user-name", "orderwire"),
        ]
        if document:
            attributes.append((_MEDIA_TYPE, "document-format", _RAW))
        if operation == _GET_PRINTER:
            attributes += _several(("printer-state", "printer-state-reasons"))
        request = written(operation, [*attributes[:3], *about, *attributes[3:]]) + document
        queue = self._queue
        connection = http.client.HTTPConnection(queue.host, queue.port, timeout=_TIMEOUT_S)
        try:
            connection.request("POST", queue.path, request, {"Content-Type": "application/ipp"})
            answer = connection.getresponse()
            body = answer.read()
        except http.client.HTTPException as error:
            raise CupsError(f"CUPS answered what is no HTTP: {error!r}") from error
        finally:
            connection.close()
        if answer.status != _HTTP_OK:
            raise CupsError(f"CUPS answered {answer.status} {answer.reason}")
        return read_answer(body)


def _several(names: Sequence[str]) -> Iterator[_Attribute]:
    """Ask for attributes: the name stands before the first value alone."""
    for at, name in enumerate(names):
        yield _KEYWORD, "" if at else "requested-attributes", name


def written(operation: int, attributes: Sequence[_Attribute]) -> bytes:
    """Write a request of one group of attributes."""
    parts = [_VERSION, struct.pack(">HI", operation, 1), bytes([_OPERATION])]
    for tag, name, value in attributes:
        content = struct.pack(">i", value) if isinstance(value, int) else value.encode()
        parts.append(struct.pack(">BH", tag, len(name)) + name.encode())
        parts.append(struct.pack(">H", len(content)) + content)
    return b"".join([*parts, bytes([_END])])


def read_answer(body: bytes) -> Mapping[str, Sequence[_Value]]:
    """Read the attributes of an answer, of all groups together; raises CupsError."""
    found: dict[str, list[_Value]] = {}
    try:
        (status,) = struct.unpack_from(">H", body, 2)
        at, name = 8, ""
        while body[at] != _END:
            tag, at = body[at], at + 1
            if tag < _FIRST_VALUE:
                continue
            named, at = _text(body, at)
            name = named.decode() or name
            value, at = _text(body, at)
            found.setdefault(name, []).append(_value(tag, value))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise CupsError("CUPS answered what is no IPP") from error
    if status >= _GOOD:
        said = found.get("status-message", [f"status {status:#06x}"])[0]
        raise CupsError(f"CUPS refused it: {said}")
    return found


def _text(body: bytes, at: int) -> tuple[bytes, int]:
    """Read a length and what is so long; gives where it ends."""
    (length,) = struct.unpack_from(">H", body, at)
    end = at + 2 + length
    if end > len(body):
        raise IndexError
    return body[at + 2 : end], end


def _value(tag: int, content: bytes) -> _Value:
    if tag in {_INTEGER, _ENUM}:
        return int.from_bytes(content, "big", signed=True)
    return content.decode("utf-8", "replace")
