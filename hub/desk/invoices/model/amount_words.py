"""An amount of rupees in words, in English and in Hindi, by lakh, crore and arab."""

from typing import Final

_RUPEES: Final = "INR"
_SMALL: Final = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_NAMED: Final = """
शून्य एक दो तीन चार पाँच छह सात आठ नौ
दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस
बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस
तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस
चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास
पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ
साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर
सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी
अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी
नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे
"""
_ENGLISH: Final = (
    *_SMALL.split(),
    *(
        f"{ten}-{one}" if place else ten
        for ten in _TENS.split()
        for place, one in enumerate(_SMALL.split()[:10])
    ),
)
_HINDI: Final = tuple(_NAMED.split())
_UNITS: Final = {
    "en": ("arab", "crore", "lakh", "thousand", "hundred"),
    "hi": ("अरब", "करोड़", "लाख", "हज़ार", "सौ"),
}
_SIZES: Final = (1_000_000_000, 10_000_000, 100_000, 1_000, 100)
_COINS: Final = {
    "en": (("rupee", "rupees"), ("paisa", "paise")),
    "hi": (("रुपया", "रुपये"), ("पैसा", "पैसे")),
}


def words_of_amount(paise: int, language: str, *, currency: str) -> str:
    """Write an amount of paise in words: 123456750 is twelve lakh thirty-four thousand ...

    Below zero it says so first; at its end stands that it is all. A language that is neither
    English nor Hindi is written in English. Of another currency than rupees there are no words.
    """
    if currency != _RUPEES:
        return ""
    hindi = language == "hi"
    rupees, rest = divmod(abs(paise), 100)
    coins = _COINS["hi" if hindi else "en"]
    parts = [
        f"{_count(count, hindi=hindi)} {names[count != 1]}"
        for count, names in ((rupees, coins[0]), (rest, coins[1]))
        if count
    ] or [f"{_count(0, hindi=hindi)} {coins[0][1]}"]
    said = (", " if hindi else " and ").join(parts)
    if hindi:
        return f"{'ऋण ' if paise < 0 else ''}{said} मात्र"
    written = f"{'minus ' if paise < 0 else ''}{said} only"
    return written[0].upper() + written[1:]


def _count(number: int, *, hindi: bool) -> str:
    """Write a whole number in words; an arab may be counted in hundreds itself."""
    small = _HINDI if hindi else _ENGLISH
    parts = []
    for size, unit in zip(_SIZES, _UNITS["hi" if hindi else "en"], strict=True):
        units, number = divmod(number, size)
        if units:
            parts += [_count(units, hindi=hindi), unit]
    if number or not parts:
        parts.append(small[number])
    return " ".join(parts)
