"""The bars of a card's code, as every scanner reads them: Code 128 (ISO/IEC 15417), code set B."""

from itertools import accumulate, pairwise
from typing import Final

from hub.desk.products.model.bars import Bars

_SYMBOLS: Final = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212
112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131
311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321
112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114
122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112
"""
_WIDTHS: Final = tuple(_SYMBOLS.split())
"""How wide bars and gaps of each symbol are, in turn, by its value."""
_START_B: Final = 104
_STOP: Final = 106
_CHECKED_BY: Final = 103
_FIRST: Final = " "
_LAST: Final = "~"
_QUIET: Final = 10


def card_bars(text: str) -> Bars | None:
    """Draw a code; None where it has letters that the code set has not."""
    if not text or any(not _FIRST <= letter <= _LAST for letter in text):
        return None
    values = [_START_B, *(ord(letter) - ord(_FIRST) for letter in text)]
    check = (values[0] + sum(at * value for at, value in enumerate(values))) % _CHECKED_BY
    runs = [int(width) for value in (*values, check, _STOP) for width in _WIDTHS[value]]
    edges = list(accumulate(runs, initial=_QUIET))
    black = tuple((start, end - start) for start, end in list(pairwise(edges))[::2])
    return Bars(black, edges[-1] + _QUIET, text)
