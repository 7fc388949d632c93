"""The words that people say days with, and the plain ones that they mean."""

from typing import Final

from hub.desk.assistant.model.spelling import fold

MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PLAIN: Final = {
    "today": "today tdy tday todays aaj aajka abhi-aaj tonight",
    "yesterday": "yesterday yest ystrday yesterdays ytd-day",
    "kal": "kal kall",
    "parso": "parso parson parsoon",
    "week": "week weeks wk wks weak hafta hafte haftay hafton saptah",
    "month": "month months mnth mth mahina mahine mahinay maheene mahino",
    "quarter": "quarter quarters qtr timahi timaahi",
    "year": "year years yr yrs saal sal varsh baras",
    "fy": "fy",
    "day": "day days din dino dinon",
    "last": "last previous prev preceding pichla pichle pichhle pichhla pichli pichhli gaye gata "
    "beeta beete bite past lst las lats laast pchle",
    "this": "this ths thsi tihs current is iss ongoing running chalu chaalu present",
    "next": "next coming upcoming following agla agle agli aane-wale",
    "financial": "financial fiscal finacial finantial vittiya vitteey",
    "since": "since",
    "till": "till until upto tak thru through",
    "se": "se",
    "from": "from",
    "and": "and aur",
    "between": "between beech bich",
    "to": "to",
    "first": "first pehla pehle pahle pahla",
    "second": "second dusra dusre doosre",
    "third": "third",
    "fourth": "fourth",
    "of": "of ka ke ki",
    "the": "the",
    "on": "on",
    "ytd": "ytd",
    "mtd": "mtd",
    "qtd": "qtd",
}
_HINDI_MONTHS: Final = (
    "january jan janvari janwari;february feb farvari;march mar;april apr aprail;may mai;"
    "june jun joon;july jul julai julaee;august aug agast;september sep sept sitambar sitamber;"
    "october oct octber aktubar oktobar aktoobar;november nov navambar navmbar;"
    "december dec disambar"
)
_HINDI_DAYS: Final = (
    "monday mon somvar somwar;tuesday tue tues mangalvar mangalwar;wednesday wed budhvar budhwar;"
    "thursday thu thurs guruvar guruwar;friday fri shukravar shukrawar;"
    "saturday sat shanivar shaniwar;sunday sun ravivar raviwar itvar"
)


def _read_words() -> dict[str, str]:
    table = {fold(one): plain for plain, ways in _PLAIN.items() for one in ways.split()}
    for names, group in ((MONTHS, _HINDI_MONTHS), (WEEKDAYS, _HINDI_DAYS)):
        for name, ways in zip(names, group.split(";"), strict=True):
            table.update(dict.fromkeys((fold(one) for one in ways.split()), name))
    return table


PLAIN_WORDS: Final = _read_words()
