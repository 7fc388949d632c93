"""JSON read in pieces: an answer of many lines is never whole in memory as objects.

A span is (start, end) in a buffer of bytes; members and elements are found by stepping over them,
and only the ones that are wanted are read. Raises ValueError for what is no JSON.
"""

import json

_QUOTE = 0x22
_BACKSLASH = 0x5C
_OPEN = b"{["
_CLOSE = b"}]"
_BLANK = b" \t\r\n"
_END = b",}] \t\r\n"
_DEEPEST = 24


def value_of(buffer: "Buffer", span: "tuple[int, int]") -> "Any":
    """Read a span as an object."""
    return json.loads(bytes(buffer[span[0] : span[1]]))


def members(buffer: "Buffer", start: int = 0, *, partial: bool = False) -> "dict[str, tuple]":
    """Give the spans of an object's members by their names.

    `partial` takes an object whose end is missing: of its last member only the start is there.
    """
    found = {}
    at = _skip(buffer, _expect(buffer, _skip(buffer, start), b"{"))
    if _byte(buffer, at) == 0x7D:
        return found
    try:
        while True:
            end = _string_end(buffer, at)
            name = str(value_of(buffer, (at, end)))
            at = _skip(buffer, _expect(buffer, _skip(buffer, end), b":"))
            if partial:
                found[name] = (at, len(buffer))
            end = value_end(buffer, at)
            found[name] = (at, end)
            at = _skip(buffer, end)
            if _byte(buffer, at) == 0x7D:
                return found
            at = _skip(buffer, _expect(buffer, at, b","))
    except ValueError:
        if partial:
            return found
        raise


def elements(buffer: "Buffer", start: int) -> "Iterator[tuple[int, int]]":
    """Give the spans of an array's elements, one after the other."""
    at = _skip(buffer, _expect(buffer, _skip(buffer, start), b"["))
    if _byte(buffer, at) == 0x5D:
        return
    while True:
        end = value_end(buffer, at)
        yield (at, end)
        at = _skip(buffer, end)
        if _byte(buffer, at) == 0x5D:
            return
        at = _skip(buffer, _expect(buffer, at, b","))


def value_end(buffer: "Buffer", start: int) -> int:
    """Give the end of the value that begins at `start`."""
    first = _byte(buffer, start)
    if first == _QUOTE:
        return _string_end(buffer, start)
    if first in _OPEN:
        return _nested_end(buffer, start)
    at = start
    while at < len(buffer) and buffer[at] not in _END:
        at += 1
    if at == start:
        raise ValueError("a value is missing")
    return at


def _nested_end(buffer: "Buffer", start: int) -> int:
    depth = 0
    at = start
    while True:
        byte = _byte(buffer, at)
        if byte == _QUOTE:
            at = _string_end(buffer, at)
            continue
        if byte in _OPEN:
            depth += 1
            if depth > _DEEPEST:
                raise ValueError("nested too deeply")
        elif byte in _CLOSE:
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1


def _string_end(buffer: "Buffer", start: int) -> int:
    at = _expect(buffer, start, b'"')
    while True:
        byte = _byte(buffer, at)
        if byte == _QUOTE:
            return at + 1
        at += 2 if byte == _BACKSLASH else 1


def _skip(buffer: "Buffer", at: int) -> int:
    while at < len(buffer) and buffer[at] in _BLANK:
        at += 1
    return at


def _expect(buffer: "Buffer", at: int, wanted: bytes) -> int:
    if _byte(buffer, at) != wanted[0]:
        raise ValueError("expected %s at %d" % (wanted.decode(), at))
    return at + 1


def _byte(buffer: "Buffer", at: int) -> int:
    if at >= len(buffer):
        raise ValueError("it ends too early")
    return buffer[at]
