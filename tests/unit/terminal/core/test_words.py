"""The terminal's words: one catalogue for slips, screen and page, in every language."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from broker.contract.messages import AnswerData, Coded, Params, Reason
from rules import COUNTER_LANGUAGES, LANGUAGES
from terminal.app.enrolment.exchange import REFUSALS
from terminal.app.machine.desk import VOLUMES
from terminal.core.codes import PLAIN_COMMANDS, SECTIONS
from terminal.core.layout import as_text, lay_out
from terminal.core.packs import PackHold
from terminal.core.screen import Screen
from terminal.core.screen import as_text as screen_text
from terminal.core.slip import Heading, answer_slip
from terminal.core.text import Currency
from terminal.core.words import Voice, said
from tests.unit.terminal.core.test_slip import ANSWER, HEADING, SLIPS

ROOT = Path(__file__).parents[4]
TERMINAL = ROOT / "terminal"
HINDI = Voice("hi")
RUPEES = Currency("INR", 2)
MADE = {
    "enrol": REFUSALS,
    "status": [
        *("confirmed", "confirmed_changed", "held", "rejected", "cancelled", "queued", "refused")
    ],
    "month": [str(number) for number in range(1, 13)],
    "sheet": [command.lower().replace("-", "_") for command in PLAIN_COMMANDS],
    "section": [section.name for section in SECTIONS],
    "then": ["remove", "price", "price_slip", "stock", "cancel_order", "wifi"],
    "wifi": ["not_there", "refused", "late", "unmanaged", "failed"],
    "volume": VOLUMES,
    "software": [
        f"software_{why}"
        for why in (
            *("signature_bad", "key_missing", "other_machine", "older", "bundle_bad"),
            *("failed_here", "not_fetched", "not_stored", "on_trial"),
        )
    ],
    "setup": ["keyboard", "serial", "us", "enter", "letters"],
    "ask": ["account", "stock", "cancel"],
    "counter": ["status", "open", "last", "near", "help", "test", "ruler", "sheet"],
    "help": ["products", "quantity", "send", "copy"],
    "payment": ["credit", "cash", "advance"],
    "link": ["online", "hub_away", "offline", "shut_out"],
    "away": ["hub_away", "offline", "shut_out"],
    "banner": [
        f"{state}{slips}"
        for state in ("paper_out", "cover_open", "offline")
        for slips in ("", "_slips")
    ],
    "fate": [
        f"{status}{alone}"
        for status in (
            *("confirmed", "confirmed_changed", "held", "rejected", "cancelled", "refused"),
        )
        for alone in ("", "_alone")
    ],
    "role": [
        *("owner", "admin", "manager", "sales", "warehouse", "accounts"),
        *("area_manager", "finance_head"),
    ],
    "pack": [
        *("pack_version_older", "pack_not_yet", "pack_clock_unset", "pack_unsigned"),
        *("pack_key_missing", "pack_signature_bad", "pack_too_new", "pack_unreadable"),
        *("pack_cases_failed", "pack_check_failed"),
    ],
}
"""Messages whose ids the program puts together, by what they are about."""

WORD = re.compile(r"[A-Za-z]{2,},? [A-Za-z]|[A-Z][a-z]{2,}|[a-z]{3,}[:!?]")
"""What looks like something said to people rather than a name of the program's own."""

SHOWN_CODES = ("core/codes/reading.py", "core/codes/links.py")
SHOWN = (
    "core/slip",
    "core/goods.py",
    "core/screen.py",
    "core/fate.py",
    "core/pricing.py",
    "core/codes/reading.py",
    "core/order",
)
SHOWN_APP = ("app/counter.py", "app/board.py", "app/slips.py", "app/questions", "app/machine")


def _texts(language: str) -> dict[str, str]:
    path = TERMINAL / "locale" / language / "LC_MESSAGES" / "terminal.po"
    with path.open("rb") as stream:
        return {str(one.id): str(one.string) for one in read_po(stream) if one.id}


def _placeholders(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})


def _used() -> set[str]:
    """Find the ids that the code, the page and the lists above name."""
    named = {f"{about}.{one}" for about, some in MADE.items() for one in some}
    for path in TERMINAL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named |= set(re.findall(r"^[a-z]+\.[a-z_]+$", node.value))
    return named | set(re.findall(r"\{\{([a-z_.]+)\}\}", (TERMINAL / "page/page.html").read_text()))


def test_every_message_is_used_and_every_one_that_is_used_is_there() -> None:
    # Which of the hub's reasons are worded is tried with the hub's own list of them.
    texts = {name for name in _texts("en") if not name.startswith("told.")}
    kinds = {name.partition(".")[0] for name in texts}

    used = {name for name in _used() if name.partition(".")[0] in kinds}

    assert used - {"page.css", "page.html", "page.js"} == texts


def test_the_values_of_a_message_are_the_same_in_every_language() -> None:
    english, *others = (_texts(language) for language in COUNTER_LANGUAGES)

    differing = {
        name: text
        for texts in others
        for name, text in texts.items()
        if _placeholders(text) != _placeholders(english[name])
    }

    assert differing == {}


def _annotated(tree: ast.AST) -> Iterator[int]:
    """Give the texts that are names of types: of a class within its own body."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (id(inner) for inner in ast.walk(node.returns or ast.Constant(None)))


def _literals(tree: ast.AST) -> Iterator[ast.Constant]:
    """Give the texts of a module that are no documentation."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    logged = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if getattr(node.func.value, "id", "") in {"_log", "re"}
        for inner in ast.walk(node)
    }
    known = documented | statements | logged | {*_annotated(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known:
            yield node


@pytest.mark.parametrize("place", [*SHOWN, *SHOWN_APP])
def test_nothing_is_said_to_the_shop_outside_the_catalogue(place: str) -> None:
    path = TERMINAL / place
    modules = sorted(path.glob("[a-z]*.py")) if path.is_dir() else [path]

    found = [
        f"{module.name}:{node.lineno} {node.value!r}"
        for module in modules
        for node in _literals(ast.parse(module.read_text()))
        if WORD.search(str(node.value))
    ]

    assert found == []


def test_the_page_says_nothing_by_itself() -> None:
    page = (TERMINAL / "page" / "page.html").read_text()
    script = (TERMINAL / "page" / "page.js").read_text()

    bare = re.findall(r">([^<{]*[A-Za-z]{2,}[^<{]*)<", page)
    said_by_script = re.findall(r"[\"'`]([A-Z][a-z]+ [^\"'`]*|[a-z]+ [a-z ]+)[\"'`]", script)

    assert bare == []
    assert [one for one in said_by_script if one != "use strict"] == []


def _slip(answer: AnswerData, language: str) -> str:
    heading = Heading(
        distributor=HEADING.distributor,
        support=HEADING.support,
        customer=HEADING.customer,
        terminal=HEADING.terminal,
        made_at=HEADING.made_at,
        clock_set=True,
        language=language,
    )
    return as_text(lay_out(answer_slip(heading, answer), 48), 48)


def _answer(**changes: object) -> AnswerData:
    fields = {name: getattr(ANSWER, name) for name in ANSWER.__struct_fields__}
    return AnswerData(**{**fields, **changes})


def test_a_reason_that_is_known_here_is_said_in_the_shop_s_language() -> None:
    over: Params = {"exposed": 5_407_700, "limit": 5_000_000, "over": 407_700}
    reason = Reason(code="credit_limit_exceeded", text="54,077.00 of 50,000.00", params=over)

    slip = _slip(_answer(status="held", reasons=[reason]), "hi")

    assert "उधार की सीमा 50,000.00, उधार 54,077.00: 4,077.00 ज़्यादा" in " ".join(slip.split())
    assert "of 50,000.00" not in slip


@pytest.mark.parametrize(
    "reason",
    [
        Reason(code="tomorrows_code", text="as the hub says it", params={"what": 1}),
        Reason(code="short_stock", text="as the hub says it"),
        Reason(code="short_stock", text="as the hub says it", params={"stock": 5, "rest": "x"}),
    ],
)
def test_a_reason_that_is_not_known_here_is_said_as_the_hub_says_it(reason: Reason) -> None:
    for language in LANGUAGES:
        assert "as the hub says it" in _slip(_answer(reasons=[reason]), language)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "note D-7 is on its way (lines: 3), due on 02 Dec 2026; say 4711 to the driver"),
        ("hi", "नोट D-7 रास्ते में है (लाइनें: 3), 02 दिस 2026 को पहुँचेगा; ड्राइवर को 4711 बताइए"),
        ("ar", "إذن التسليم D-7 في الطريق (السطور: 3)، يصل في 02 ديسمبر 2026؛ قل للسائق 4711"),
        (
            "ta",
            (
                "விநியோகக் குறிப்பு D-7 வழியில் உள்ளது (வரிகள்: 3), 02 டிச 2026 அன்று வரும்; "
                "ஓட்டுநரிடம் 4711 என்று சொல்லுங்கள்"
            ),
        ),
    ],
)
def test_what_the_hub_says_of_an_order_is_said_in_the_shop_s_language(
    language: str, says: str
) -> None:
    params: Params = {"note": "D-7", "lines": 3, "day": "2026-12-02", "word": "4711"}
    sent = Reason(code="order_dispatched", text="as the hub says it", params=params)

    assert Voice(language).told(sent, None) == says


@pytest.mark.parametrize(
    ("code", "params", "says"),
    [
        ("order_billed_by", {"number": "B-1", "amount": 123_450, "balance": 0}, "over 1,234.50;"),
        ("payment_now", {"then": "credit", "now": "cash"}, "cash on delivery instead of on credit"),
        ("coupons_now", {"coupons": ["DIWALI", "EASTER"]}, "coupons: DIWALI, EASTER"),
        ("total_changed", {"now": 5, "then": 100}, "is 0.05, the counter showed 1.00"),
        ("cancelled", {"why": ""}, "cancelled by the distributor"),
    ],
)
def test_what_the_hub_says_is_written_as_slips_write_it(
    code: str, params: Params, says: str
) -> None:
    told = Voice().told(Reason(code=code, text="as the hub says it", params=params), RUPEES)

    assert says in told
    assert not told.endswith(": ")


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("order_billed_by", {"number": "B-1", "amount": 123_450, "balance": 0}),
        ("order_dispatched", {"note": "D-7", "lines": 3, "day": 7, "word": "4711"}),
        ("order_dispatched", {"note": "D-7"}),
    ],
    ids=["no currency", "no day", "not all of it"],
)
def test_what_cannot_be_worded_is_said_as_the_hub_says_it(code: str, params: Params) -> None:
    told = Reason(code=code, text="as the hub says it", params=params)

    assert Voice("ta").told(told, None) == "as the hub says it"


def test_a_notice_says_no_amount_whose_currency_it_does_not_know() -> None:
    told = Reason(code="return_credited", text="12.50 is credited", params={"amount": 1250})

    assert Voice().told(told, None) == "12.50 is credited"
    assert Voice().told(told, RUPEES) == "12.50 is credited"
    assert HINDI.told(told, RUPEES) == "12.50 जमा किए जाएँगे"
    assert HINDI.told(Reason(code="cash_only", text="cash"), None).startswith("यह ग्राहक")


def test_near_misses_are_said_by_their_codes_and_those_beyond_them_as_texts() -> None:
    more = {"count": 6, "product": "Tea", "period": "scheme"}
    code = Coded(
        code="nearly_earned",
        params={"more": ["more.pieces_of", more], "benefit": ["benefit.free", {"count": 1}]},
    )

    slip = _slip(_answer(near=["6 more of Tea", "the hub's words"], near_codes=[code]), "hi")

    assert "थोड़ा और: Tea के 6 और लेने पर 1 मुफ़्त" in slip
    assert "थोड़ा और: the hub's words" in slip
    assert "6 more" not in slip


def test_an_amount_is_spelled_alike_in_reasons_and_totals_of_a_slip() -> None:
    assert ANSWER.totals is not None
    over: Params = {"exposed": 123_456_700, "limit": 100, "over": ANSWER.totals.payable}
    reason = Reason(code="credit_limit_exceeded", text="", params=over)

    slip = _slip(_answer(reasons=[reason]), "en")

    assert "12,34,567.00 of a limit of 1.00, 466.00 too much" in " ".join(slip.split())
    assert "I N R   4 6 6 . 0 0" in slip


def test_a_hindi_screen_is_hindi() -> None:
    screen = Screen(
        terminal="shop-1",
        said=HINDI.word(said("counter.ready")),
        link="hub_away",
        queued=2,
        slips_waiting=1,
        printer="paper_out",
        coupons=("DIWALI",),
        language="hi",
    )

    assert screen_text(screen).split("\n")[1:] == [
        "तैयार: प्रोडक्ट स्कैन करें",
        "कूपन DIWALI",
        "हब: मौजूद नहीं",
        "प्रिंटर में कागज़ नहीं है: नया रोल लगाएँ। बाकी पर्चियाँ: 1",
        "हब मौजूद नहीं है: ऑर्डर यहाँ सुरक्षित रहेंगे और अपने आप जाएँगे",
        "बिना जवाब के ऑर्डर: 2, सबसे पुराना 0 सेकंड से",
    ]


def test_moments_and_packs_are_said_in_the_language() -> None:
    hold = PackHold("pack_not_yet", "version 2 is for later", {"version": 2, "day": "2026-12-01"})

    assert Voice().moment(datetime(2026, 9, 1, 7, 5)) == "01 Sep 2026 07:05"  # noqa: DTZ001
    assert HINDI.moment(datetime(2026, 9, 1, 7, 5)) == "01 सित 2026 07:05"  # noqa: DTZ001
    assert hold.said(HINDI) == "संस्करण 2 2026-12-01 से लागू होगा"
    assert PackHold("pack_of_tomorrow", "its own words").said(HINDI) == "its own words"


def test_letters_written_wide_keep_their_marks() -> None:
    text = as_text(lay_out(SLIPS["held"], 48), 48)

    assert "H E L D" in text
    assert "रो का   ग या" in _slip(_answer(status="held"), "hi")


def test_a_rule_is_called_by_its_text_on_a_slip() -> None:
    voice = Voice(names={"TEN": "Ten percent off"})
    used_up = Reason(
        code="limit_used_up",
        text="TEN is used up",
        params={"rule": "TEN", "what": ["limit.uses", {"period": "scheme"}]},
    )

    assert voice.told(used_up, RUPEES).startswith("Ten percent off")
