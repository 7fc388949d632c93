"""What goes wrong with text on its way to us: slips, copies, hostile pieces and odd signs."""

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

_WORD: Final = re.compile(r"[A-Za-z0-9_./-]+|[^\sA-Za-z0-9]")

_YAML: Final = [
    "&a ", "*a", "<<: *a", "!!python/object/apply:os.system [ls]", "!x ", "? ", "- ", ": ", "---\n",
    "...\n", "%YAML 1.1\n", "|\n", ">-\n", "{", "}", "[", "]", "'", '"', "#", ",", "@", "`", "~",
    "\t", "- - - ", "{a: b, a: c}", "&a [*a, *a]", "\n\n", "\r", "\r\n", "null", "yes", "=",
]  # fmt: skip
_ODD: Final = [
    "\x00", "\x07", "\x1b", "\x85", "\ufeff", "\u2028", "\u2029", "\u202e", "\u200b",
    "\u0661\u0662", "½", "e\u0301", "\U0001f600", "ß", "ﬁ", "İ", "\ud800", "\udfff", "\uffff",
]  # fmt: skip
_NUMBERS: Final = [
    "0", "-1", "00", "1e9", "0x1f", "1_000", "1.", ".5", "NaN", ".inf", "9" * 18, "9" * 19,
    "9" * 5_000, "0." + "0" * 30 + "1", "-0", "+1", "1,000", "99999999999999.9999", "2026-02-30",
]  # fmt: skip
_EXPRESSIONS: Final = [
    "1 << 2**24", "(a+)+$", "$random", "$range(200000)", "__class__", "order.__class__",
    "order.net.x", " and order.lines > 1" * 60, "not " * 120, "(" * 40, "=~ 'a+'",
    "order.lines in [" + "1, " * 300, "? 1 : 2", "== null", "'" + "x" * 600 + "'", "-" * 50,
    "order.lines ** 9", "d'2026-01-01'",
    "[order.lines for order in order]", "order['lines']", "order?.lines", "1 == 1 ==", "0.1 + 0.2",
]  # fmt: skip
_NESTED: Final = [
    "[" * 20, "{a: " * 20, "[" * 10_000, "{" * 10_000, "- " * 5_000, "]" * 50, "[[]]" * 500,
]  # fmt: skip
_VALUES: Final[list[Any]] = [
    None, True, 0, -1, 1, 0.5, 2**70, "", "x", "\ud800", "2026-13-01", [], {}, [[]], [None],
    {"": 0},
]  # fmt: skip
_LAUGHS: Final = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}, *{before}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def mutated(chance: random.Random, text: str) -> str:
    """Change a text in one to four ways."""
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        text = chance.choice(_WAYS)(chance, text)
    return text


def mutated_bytes(chance: random.Random, content: bytes) -> bytes:
    """Flip, drop, double or put in bytes."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 8])):
        at = chance.randrange(len(changed) + 1)
        end = at + chance.choice([1, 1, 4, 200])
        changed[at:end] = chance.choice(
            [
                b"",
                bytes(changed[at:end]) * 2,
                bytes(byte ^ (1 << chance.randrange(8)) for byte in changed[at : at + 1]),
                chance.randbytes(chance.randint(1, 4)),
            ]
        )
    return bytes(changed)


def grafted(chance: random.Random, text: str) -> str:
    """Put an odd value, or one from elsewhere, in the place of others of a JSON document."""
    document = json.loads(text)
    for _ in range(chance.choice([1, 1, 3])):
        spots = list(_spots(document))
        if not spots:  # all that it had is gone
            break
        holder, key = chance.choice(spots)
        if chance.random() < 0.3:
            del holder[key]
            continue
        other, there = chance.choice(spots)
        odd = chance.choice([chance.choice(_VALUES), other[there]])
        holder[key] = json.loads(json.dumps(odd))
    return json.dumps(document)


def _spots(node: Any) -> Iterator[tuple[Any, Any]]:
    """Give every place of a document: what holds it, and under which key or number."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield node, key
        if isinstance(value, dict | list):
            yield from _spots(value)


def as_file(text: str) -> bytes:
    """Write text as it might stand in a file: what UTF-8 does not know stays as broken bytes."""
    return text.encode("utf-8", "surrogatepass")


def _lines(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    way = chance.randrange(5)
    if way == 0:
        del lines[one]
    elif way == 1:
        lines.insert(other, lines[one])
    elif way == 2:
        lines[one], lines[other] = lines[other], lines[one]
    elif way == 3:
        lines[one] = chance.choice([" ", "  ", "\t", "      "]) + lines[one]
    else:
        lines[one] = lines[one].removeprefix(chance.choice([" ", "  "]))
    return "\n".join(lines)


def _tokens(chance: random.Random, text: str) -> str:
    """Swap two words, or put one for another."""
    found = list(_WORD.finditer(text))
    if not found:
        return text
    one, other = sorted(
        (chance.choice(found), chance.choice(found)), key=lambda match: match.start()
    )
    if one.start() == other.start() or chance.random() < 0.3:
        return text[: one.start()] + other[0] + text[one.end() :]
    between = text[one.end() : other.start()]
    return text[: one.start()] + other[0] + between + one[0] + text[other.end() :]


def _piece(chance: random.Random, text: str) -> str:
    """Drop or double a piece."""
    at = chance.randrange(len(text) + 1)
    end = at + chance.choice([1, 2, 10, 100])
    return text[:at] + text[at:end] * chance.choice([0, 2, 3]) + text[end:]


def _putting(pieces: list[str]) -> Callable[[random.Random, str], str]:
    def put(chance: random.Random, text: str) -> str:
        """Put a piece in anywhere, or in the place of a word."""
        found = list(_WORD.finditer(text))
        if found and chance.random() < 0.6:
            word = chance.choice(found)
            return text[: word.start()] + chance.choice(pieces) + text[word.end() :]
        at = chance.randrange(len(text) + 1)
        return text[:at] + chance.choice(pieces) + text[at:]

    return put


_WAYS: Final[list[Callable[[random.Random, str], str]]] = [
    _lines,
    _lines,
    _tokens,
    _tokens,
    _piece,
    _putting(_YAML),
    _putting(_ODD),
    _putting(_NUMBERS),
    _putting(_EXPRESSIONS),
    _putting(_NESTED),
    _putting([_LAUGHS]),
]
