"""Slips of no order: how the terminal is, where the shop stands, what goods cost, help, a trial."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from broker.contract.asking import AccountStanding
from rules import COUNTER_LANGUAGES
from terminal.core.codes import NARROW_COLUMNS, PREFIX, RULED_COLUMNS, SECTIONS
from terminal.core.goods import PriceCheck
from terminal.core.layout import Row
from terminal.core.slip.frame import LONGEST_BARCODE, RULE, Heading, head
from terminal.core.slip.sheet import caption
from terminal.core.text import Currency, clean
from terminal.core.words import Voice

_RULER: Final = "12345678901234567890123456789012"


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """One order of a list: its number, what became of it, when it was sent, what it comes to.

    `status` and `at` are words; `amount` is empty where no sum is known. `customer` is whose it is,
    empty for the counter's own, whom the heading names.
    """

    number: str
    status: str
    at: str
    amount: str
    customer: str = ""


def status_slip(heading: Heading, lines: Sequence[str]) -> tuple[Row, ...]:
    """Say how the terminal is, where there is no screen."""
    return _report(heading, "slip.status", [Row(clean(line)) for line in lines])


def orders_slip(heading: Heading, title: str, orders: Sequence[ListedOrder]) -> tuple[Row, ...]:
    """List orders, each with the code that reprints it, and that CANCEL-ORDER takes."""
    if not orders:
        return _report(heading, title, [Row(heading.voice.text("slip.no_orders"), center=True)])
    rows: list[Row] = []
    for order in orders:
        rows += [
            Row(clean(order.number), order.amount, style="bold"),
            Row(clean(order.status), order.at),
        ]
        if order.customer:
            rows.append(Row(clean(order.customer)))
        if len(order.number) <= LONGEST_BARCODE and order.number.isascii():
            rows.append(Row(clean(order.number), kind="barcode", center=True))
    return _report(heading, title, rows)


def account_slip(heading: Heading, account: AccountStanding) -> tuple[Row, ...]:
    """Say where the shop stands with its distributor, by the hub's books at this moment."""
    voice, currency = heading.voice, Currency.of(account)
    rows = [
        Row(voice.text("account.owed"), currency.amount(account.exposure)),
        Row(voice.text("account.overdue"), currency.amount(account.overdue)),
    ]
    if account.overdue > 0:
        rows.append(Row(voice.text("account.overdue_days", count=account.overdue_days)))
    rows.append(Row(voice.text("account.bills"), str(account.bills)))
    if account.state == "amount":
        rows.append(Row(voice.text("account.limit"), currency.amount(account.limit)))
    if account.left is None:
        rows.append(Row(voice.text("account.no_limit"), style="bold"))
    elif account.state == "cash_only":
        rows.append(Row(voice.text("account.cash_only"), style="bold"))
    else:
        left = currency.named(account.left)
        rows += [RULE, Row(voice.text("slip.credit_left"), left, style="big")]
    return _report(heading, "slip.balance", rows)


def goods_slip(
    heading: Heading, check: PriceCheck, *, available: int | None = None
) -> tuple[Row, ...]:
    """Say what a product costs here; with `available` how many base units the hub could sell."""
    voice = heading.voice
    rows = [Row(clean(check.name), style="bold"), Row(check.sku)]
    for price in check.prices:
        counted = price.unit if price.size == 1 else f"{price.unit} = {price.size}"
        cost = voice.text("slip.no_price")
        if price.price is not None:
            cost = check.currency.unit_price(price.price)
        rows.append(Row(f"1 {clean(counted)}", cost))
    if check.mrp is not None:
        rows.append(Row(voice.text("goods.mrp"), check.currency.unit_price(check.mrp)))
    if check.payable is not None:
        rows.append(Row(voice.text("goods.payable"), check.currency.amount(check.payable)))
    if available is not None:
        rows.append(Row(voice.text("goods.available"), f"{available} {clean(check.base_unit)}"))
        rows.append(Row(voice.text("goods.hint"), center=True))
    rows += [Row(voice.text("slip.almost", text=clean(text))) for text in check.near]
    title = "slip.goods_check" if available is None else "slip.stock_check"
    return _report(heading, title, rows)


def near_slip(heading: Heading, texts: Sequence[str]) -> tuple[Row, ...]:
    """Say what the order at the counter has nearly earned."""
    voice = heading.voice
    told = [Row(voice.text("slip.almost", text=clean(text))) for text in texts]
    return _report(heading, "slip.near", told or [Row(voice.text("slip.nothing_near"))])


def cancel_slip(heading: Heading, number: str, why: str | None) -> tuple[Row, ...]:
    """Say that an order is cancelled, or that it is not and why."""
    word = "status.cancelled" if why is None else "slip.not_cancelled"
    rows = head(heading, heading.voice.text(word), number)
    return tuple(rows) if why is None else (*rows, RULE, Row(clean(why), style="bold"))


def help_slip(heading: Heading) -> tuple[Row, ...]:
    """Say what each command does, and whom to call."""
    voice = heading.voice
    rows = [Row(voice.text(f"help.{one}")) for one in ("products", "quantity", "send", "copy")]
    for section in SECTIONS:
        rows.append(RULE)
        rows += [Row(caption(voice, command), hang=2) for command in section.commands]
    if heading.support:
        rows += [RULE, Row(voice.text("slip.help", contact=clean(heading.support)), center=True)]
    return _report(heading, "slip.help_title", rows)


def trial_slip(heading: Heading) -> tuple[Row, ...]:
    """Show all that a printer has to print: columns, letters of each size, scripts, codes."""
    voice = heading.voice
    rows = [
        Row(voice.text("trial.columns")),
        Row(_RULER),
        Row(voice.text("trial.bold"), style="bold"),
        Row(voice.text("trial.big"), style="big"),
        Row(f" {voice.text('trial.inverse')} ", style="inverse", center=True),
        Row(voice.text("trial.amount"), Currency("INR", 2).amount(123_456)),
        *_scripts(),
        Row(clean(heading.terminal), kind="qr", center=True),
        Row(clean(heading.terminal)[:LONGEST_BARCODE], kind="barcode", center=True),
        Row(voice.text("trial.all_seen"), center=True),
    ]
    return _report(heading, "slip.trial", rows)


def ruler_slip(heading: Heading) -> tuple[Row, ...]:
    """Measure the paper: under each ruler stands the code that says it fits on one line."""
    voice = heading.voice
    rows = [Row(voice.text("ruler.how"))]
    for columns in RULED_COLUMNS:
        numbered = "".join(str(at % 10) for at in range(1, columns + 1))
        rows += [
            RULE,
            Row(numbered, kind="ruler"),
            Row(voice.text("ruler.columns", count=columns), style="bold", center=True),
            Row(
                f"{PREFIX}COLUMNS-{columns}",
                kind="qr" if columns <= NARROW_COLUMNS else "barcode",
                center=True,
            ),
        ]
    return _report(heading, "slip.ruler", rows)


def _scripts() -> Iterable[Row]:
    """Say the same in every language: a printer lacks the letters of some."""
    return (Row(Voice(language).text("trial.language")) for language in COUNTER_LANGUAGES)


def _report(heading: Heading, title: str, rows: Iterable[Row]) -> tuple[Row, ...]:
    return (*head(heading, heading.voice.text(title), heading.terminal), RULE, *rows)
