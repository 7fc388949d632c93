"""JSON written in the order it is given, so that the same message has the same bytes everywhere.

MicroPython's dictionaries keep no order, so an object is a tuple of (name, value) pairs here.
"""

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def written(value: object) -> bytes:
    """Write ints, text, None, booleans, and objects as tuples of pairs, without blanks.

    A list may be anything that gives one element after the other: an order's lines are never all
    there at once.
    """
    out = bytearray()
    _write(value, out)
    return bytes(out)


def pieces(value: "Any") -> "Iterator[bytes]":
    """Give the same bytes one after the other: each element of a list is one piece."""
    if isinstance(value, tuple):
        for at, (name, one) in enumerate(value):
            yield (b"," if at else b"{") + quoted(name).encode() + b":"
            yield from pieces(one)
        yield b"}" if value else b"{}"
    elif hasattr(value, "__next__") or isinstance(value, list):
        begin = b"["
        for one in value:
            yield begin + written(one)
            begin = b","
        yield b"]" if begin == b"," else b"[]"
    else:
        yield written(value)


def _write(value: "Any", out: bytearray) -> None:
    if value is None:
        out.extend(b"null")
    elif isinstance(value, bool):
        out.extend(b"true" if value else b"false")
    elif isinstance(value, int):
        out.extend(str(value).encode())
    elif isinstance(value, str):
        out.extend(quoted(value).encode())
    elif isinstance(value, tuple):
        out.extend(b"{")
        for at, (name, one) in enumerate(value):
            out.extend((b"," if at else b"") + quoted(name).encode() + b":")
            _write(one, out)
        out.extend(b"}")
    elif hasattr(value, "__next__") or isinstance(value, list):
        out.extend(b"[")
        for at, one in enumerate(value):
            if at:
                out.extend(b",")
            _write(one, out)
        out.extend(b"]")
    else:
        raise TypeError("only ints, text, lists and pairs are on the wire")


def quoted(text: str) -> str:
    """Write text with what JSON must escape, and nothing else."""
    if not any(char < " " or char in '"\\' for char in text):
        return '"' + text + '"'
    parts = []
    for char in text:
        if char in _ESCAPES:
            parts.append(_ESCAPES[char])
        elif char < " ":
            parts.append("\\u%04x" % ord(char))
        else:
            parts.append(char)
    return '"' + "".join(parts) + '"'
