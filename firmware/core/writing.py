"""JSON written in the order it is given, so that the same message has the same bytes everywhere.

MicroPython's dictionaries keep no order, so an object is a tuple of (name, value) pairs here.
"""

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def written(value: object) -> str:
    """Write ints, text, None, booleans, lists, and objects as tuples of pairs, without blanks."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return "[" + ",".join([written(one) for one in value]) + "]"
    if isinstance(value, tuple):
        return "{" + ",".join([quoted(name) + ":" + written(one) for name, one in value]) + "}"
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
