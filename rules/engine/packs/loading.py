"""Packed bytes, checked and compiled; a pack that follows another takes over what is the same."""

import hashlib

from rules.engine.errors import PackLoadError, PackTooNewError
from rules.engine.packs.building import compile_pack
from rules.engine.packs.documents import (
    NOTHING_KNOWN,
    Known,
    Packed,
    read_document,
    read_sparingly,
)
from rules.engine.packs.tables import Kept, Tables
from rules.engine.tables import CompiledPack
from rules.language.text.collecting import no_collecting
from rules.language.vocabulary import ENGINE, FORMAT
from rules.values.rounding import UNIT_PRICE_SCALE


def load_pack(packed: bytes, *, sparing: bool = False) -> CompiledPack:
    """Compile packed bytes; `sparing` has long price lists take little memory and some time.

    Raises:
        PackLoadError: the bytes are no pack of this format, or need a newer engine.
    """
    pack, _, _, _ = _load(packed, None, None, sparing=sparing)
    return pack


def load_with_document(packed: bytes) -> tuple[CompiledPack, Packed]:
    """Compile packed bytes sparingly, and give the document too: both share long price lists.

    Raises:
        PackLoadError: as `load_pack`.
    """
    pack, document, _, _ = _load(packed, None, None, sparing=True)
    return pack, document


class PackLoader:
    """Compiles one pack after another: rules and tables that are as before are not built again.

    A compiled pack does not change, so a pack and the one after it share what is the same in both.
    """

    def __init__(self) -> None:
        self._known = NOTHING_KNOWN
        self._built: Kept | None = None

    def load(self, packed: bytes) -> CompiledPack:
        """Compile packed bytes; after a refusal the next pack is compiled as if it had not been.

        Raises:
            PackLoadError: the bytes are no pack of this format, or need a newer engine.
        """
        pack, _, self._known, self._built = _load(packed, self._known, self._built)
        return pack


def _load(
    packed: bytes, known: Known | None, built: Kept | None, *, sparing: bool = False
) -> tuple[CompiledPack, Packed, Known, Kept]:
    followed = known is not None
    try:
        with no_collecting():
            if sparing:
                document, known = read_sparingly(packed), NOTHING_KNOWN
            else:
                document, known = read_document(packed.decode(), known)
            _check_format(document)
            tables = Tables(document, built, followed=followed, sparing=sparing)
            pack = compile_pack(document, hashlib.sha256(packed).hexdigest(), tables)
    except PackLoadError:
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise PackLoadError(f"not a rule pack: {error!r}") from error
    return pack, document, known, tables.kept()


def _check_format(document: Packed) -> None:
    if document["format"] != FORMAT:
        refused = PackTooNewError if document["format"] > FORMAT else PackLoadError
        raise refused(f"pack format {document['format']}, this engine reads {FORMAT}")
    if document["engine"] > ENGINE:
        raise PackTooNewError(f"pack needs engine {document['engine']}, this is {ENGINE}")
    if document["unit_price_scale"] != UNIT_PRICE_SCALE:
        raise PackLoadError(f"unit prices have {UNIT_PRICE_SCALE} decimals")
