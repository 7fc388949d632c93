"""Text in the letters that a printer has in its code page; what it lacks is spelled.

A board has no fonts, so nothing is drawn. Devanagari is spelled by sound, accents fall away where
the code page has none, and what is left becomes `?`: the SKU stands under every name.
"""

# Code page 858 from 0x80 on; letters only count where a printer has them alike everywhere.
CODE_PAGE = (
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤"
    "ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\xad±‗¾¶§÷¸°¨·¹³²■\xa0"
)
# Tables are text, a letter and its spelling up to each bar: as dictionaries they take 4 kB.
_SPELLED = "₹Rs |–-|—-|‘'|’'|“\"|”\"|…...|•*|×x|œoe|ŒOE|ṃm|ṇn|ṭt|ḍd|ḥh|ḷl|"
_EXTENDED = (
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs"
)
"""What the letters from U+0100 on are without their accents (the block Latin Extended-A)."""
_FIRST_EXTENDED = 0x100
_VOWELS = "अa|आaa|इi|ईee|उu|ऊoo|ऋri|एe|ऐai|ओo|औau|ऑo|"
_SIGNS = "ाaa|िi|ीee|ुu|ूoo|ृri|ेe|ैai|ोo|ौau|ॉo|्|"
_CONSONANTS = (
    "कk|खkh|गg|घgh|ङn|चch|छchh|जj|झjh|ञn|टt|ठth|डd|ढdh|णn|तt|थth|"
    "दd|धdh|नn|पp|फph|बb|भbh|मm|यy|रr|लl|वv|शsh|षsh|सs|हh|"
)
_MARKS = "ंn|ँn|ःh|़|"
_DEVANAGARI_ZERO = 0x966


def latin(text: str) -> str:
    """Write text in letters of the code page, on one line, without control characters."""
    parts = []
    for at, char in enumerate(text):
        if " " <= char <= "~" or (char > "\xa0" and char in CODE_PAGE and char not in _SPELLED):
            parts.append(char)
        elif char in "\t\n\r\xa0":
            parts.append(" ")
        else:
            parts.append(_spelled(char, text[at + 1 : at + 2]))
    return " ".join("".join(parts).split())


def page_bytes(text: str) -> bytes:
    """Encode text of `latin` for a printer that is set to code page 858."""
    plain = text.encode()
    if len(plain) == len(text):
        return plain
    return bytes([ord(c) if c <= "~" else 0x80 + max(CODE_PAGE.find(c), 0) for c in text])


def _spelled(char: str, following: str) -> str:
    if char in _CONSONANTS:
        # A consonant carries an a, unless a vowel sign follows or the word ends.
        carries = following and following not in _SIGNS and ("\u0900" <= following <= "\u097f")
        return _in_table(_CONSONANTS, char) + ("a" if carries else "")
    for table in (_SIGNS, _VOWELS, _MARKS, _SPELLED):
        if char in table:
            return _in_table(table, char)
    if 0 <= ord(char) - _DEVANAGARI_ZERO <= 9:
        return str(ord(char) - _DEVANAGARI_ZERO)
    if 0 <= ord(char) - _FIRST_EXTENDED < len(_EXTENDED):
        return _EXTENDED[ord(char) - _FIRST_EXTENDED]
    if char < " " or "\x7f" <= char < "\xa0" or "\u0300" <= char <= "\u036f":
        return ""
    if "\u200b" <= char <= "\u202e" or "\u2066" <= char <= "\u2069" or char == "\ufeff":
        return ""
    return "?"


def _in_table(table: str, char: str) -> str:
    at = table.find(char) + 1
    return table[at : table.find("|", at)]
