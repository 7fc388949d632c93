"""What every message on the wire is made of: the kinds of its values, and the envelope."""

from typing import Annotated, Final

from msgspec import Meta, Struct

VERSION: Final = 1
MAX_QUANTITY: Final = 1_000_000

# Python's `$` also matches before a last line break, others' do not: `(?!\n)` makes them agree.
# Control characters end here: PostgreSQL takes no NUL, and no slip wants an escape sequence.
Id = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,32}$(?!\n)")]
Uuid = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$(?!\n)",
    ),
]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
# Ed25519: 64 bytes in base64.
Signature = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{86}==$(?!\n)")]
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Number = Annotated[str, Meta(min_length=1, max_length=48, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Unit = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Name = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
GstNumber = Annotated[str, Meta(max_length=32, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Text = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]
Version = Annotated[int, Meta(ge=VERSION, le=VERSION)]
# What every JSON reader holds exactly and every database column takes.
_MOST: Final = 2**53 - 1
Count = Annotated[int, Meta(ge=0, le=_MOST)]
Instant = Annotated[int, Meta(ge=0, le=_MOST)]
Amount = Annotated[int, Meta(ge=-_MOST, le=_MOST)]
Quantity = Annotated[int, Meta(ge=1, le=MAX_QUANTITY)]


class Envelope(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every message carries, whatever its type.

    `seq` is the terminal's own gapless count of orders, 0 on messages that are not orders.
    `boot` counts the sender's starts; `at` is the sender's clock; `ref` the message id answered.
    """

    v: Version = VERSION
    id: Uuid
    term: Id
    boot: Count
    seq: Count = 0
    at: Instant
    ref: Uuid | None = None
