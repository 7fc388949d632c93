"""Give an invoice or a credit note as the file that is sent and printed: the same one for ever."""

import json
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final, Unpack

from hub.base.access import Scope
from hub.base.money import money, number, unit_price
from hub.base.papers import (
    AT_ONCE,
    Asked,
    Block,
    Column,
    KeptPapers,
    Paper,
    PaperFile,
    PaperSide,
    PaperWish,
    Size,
    Sum,
    encode_code,
    file_name,
    let_break,
    words_of_paper,
)
from hub.base.words import PageWords, grouped
from hub.desk.invoices.model.amount_words import words_of_amount
from hub.desk.invoices.model.billing import InvoiceLine
from hub.desk.invoices.model.registration import TYPES, day_in_india
from hub.desk.invoices.reads.record import InvoiceDetail, read_issued
from hub.desk.invoices.words import percent
from hub.desk.parties.reads.language import read_language
from hub.desk.parties.store import business_day
from hub.desk.parties.words import write_side
from rules import shown

_GROUP: Final = 16
"""So many documents are read together and kept in one commit."""


@dataclass(slots=True)
class GiveInvoicePaper:
    """The act, with what it needs."""

    papers: KeptPapers

    def __call__(
        self,
        invoice: int,
        *,
        scope: Scope,
        **wish: Unpack[PaperWish],
    ) -> PaperFile | None:
        """Give the file of a document; None where nobody sees one of this id.

        One that is cancelled has another file from then on, which says so, and so has one that the
        portal of e-invoices registered: with its IRN, and the portal's signed code.
        """
        return self._give([invoice], scope=scope, **wish)[0]

    def each(
        self,
        invoices: Sequence[int],
        *,
        scope: Scope,
        **wish: Unpack[PaperWish],
    ) -> Iterator[PaperFile | None]:
        """Give the files of many documents in their order, drawn side by side on all processors.

        However many there are, no more of them are in memory than two groups for each processor.
        """
        give = partial(self._give, scope=scope, **wish)
        starts = range(0, len(invoices), _GROUP)
        groups = iter([invoices[start : start + _GROUP] for start in starts])
        with ThreadPoolExecutor(AT_ONCE, "papers") as workers:
            drawn = deque(workers.submit(give, one) for one in islice(groups, 2 * AT_ONCE))
            while drawn:
                yield from drawn.popleft().result()
                drawn += (workers.submit(give, one) for one in islice(groups, 1))

    def _give(
        self, invoices: Sequence[int], *, scope: Scope, **wish: Unpack[PaperWish]
    ) -> list[PaperFile | None]:
        """Give the files of a group of documents: read at one moment, kept in one commit."""
        with self.papers.reading() as t:
            today = business_day(t)
            read = [
                (found, read_language(t.connection, found.buyer.code, scope=scope))
                for one in invoices
                if (found := read_issued(t.connection, one, today=today, scope=scope))
            ]
        asked = [
            _ask(found, wish.get("size", "a4"), words_of_paper(own, **wish)) for found, own in read
        ]
        files = {
            found.row["id"]: PaperFile(
                file_name((found.row["number"], found.buyer.name)), content, one.name
            )
            for (found, _), one, content in zip(
                read, asked, self.papers.give_many(asked), strict=True
            )
        }
        return [files.get(one) for one in invoices]


def _ask(found: InvoiceDetail, size: Size, words: PageWords) -> Asked:
    """Name the file of a document: another one once it is cancelled, or registered."""
    state = "cancelled" if found.row["cancelled_day"] else "issued"
    if found.irn:
        state = f"{state}-registered"
    name = f"invoice/{found.row['id']}/{state}/{words.language}/{size}"
    return Asked(name, size, lambda: paper_of(found, words))


def paper_of(found: InvoiceDetail, words: PageWords) -> Paper:
    """Write what an invoice or a credit note says."""
    row = found.row
    amount = money(row["payable"], row["currency"], row["scale"])
    return Paper(
        title=words.named("invoice_title", row["kind"]),
        number=row["number"],
        language=words.language,
        sides=(
            write_side(found.seller, words),
            _buyer(found, words),
            *(
                [write_side(found.ship, words, label=words.text("order.ship_to"))]
                if found.ship
                else ()
            ),
        ),
        facts=tuple(_facts(found, words)),
        lines=_lines(found, words),
        extra=_rates(found, words),
        sums=(
            Sum(words.text("invoices.taxable"), _cash(found, row["net"])),
            Sum(words.text("word.tax"), _cash(found, row["tax"])),
            *(
                [Sum(words.text("word.round_off"), _cash(found, row["round_off"]))]
                if row["round_off"]
                else []
            ),
            Sum(words.text("word.payable"), amount, strong=True),
        ),
        words=words_of_amount(row["payable"], words.language, currency=row["currency"]),
        remarks=tuple(
            one
            for one in (
                row["why"],
                *_registered(found, words),
                found.seller.bank,
                found.seller.note,
            )
            if one
        ),
        signs=(words.text("paper.for", seller=found.seller.name),),
        void=words.text("invoices.cancelled") if row["cancelled_day"] else "",
        code=encode_code(_code(found)),
        code_text=words.text("einvoice.code" if found.irn else "paper.code"),
        code_large=bool(found.irn),
    )


def _cash(found: InvoiceDetail, amount: int) -> str:
    return number(amount, found.row["currency"], found.row["scale"])


def _buyer(found: InvoiceDetail, words: PageWords) -> PaperSide:
    place, more = found.row["place_of_supply"], []
    if place:
        named = words.named("customer_choice", f"state_{place}")
        more.append(f"{words.text('invoices.place')}: {named}")
    if found.seller.gstin:
        said = words.text("word.yes" if found.row["reverse_charge"] else "word.no")
        more.append(f"{words.text('invoices.reverse')}: {said}")
    return write_side(found.buyer, words, *more, label=words.text("paper.to"))


def _facts(found: InvoiceDetail, words: PageWords) -> Iterator[tuple[str, str]]:
    row = found.row
    yield words.text("invoices.number"), row["number"]
    yield words.text("invoices.day"), words.day(row["day"])
    if row["due"]:
        yield words.text("invoices.due"), words.day(row["due"])
    if found.of:
        of = f"{found.of[1]}, {words.day(found.of[2])}"
        yield words.named("invoice_kind", "invoice"), of
    yield words.text("word.order"), ", ".join(no for no, _ in found.orders)


def _lines(found: InvoiceDetail, words: PageWords) -> Block:
    columns = (
        Column(words.text("paper.place"), amount=True, short=False),
        Column(words.text("word.product"), grows=True),
        Column(words.text("invoices.hsn")),
        *((Column(words.text("stock.batch_code"), short=False),) if _has_batches(found) else ()),
        Column(words.text("word.quantity"), amount=True),
        Column(words.text("invoices.unit_price"), amount=True),
        Column(words.text("word.discount"), amount=True),
        Column(words.text("invoices.taxable"), amount=True, short=False),
        Column(words.text("word.tax"), amount=True, short=False),
        Column(words.text("word.payable"), amount=True),
    )
    return Block(columns, tuple(_cells(found, one, words) for one in found.lines))


def _cells(found: InvoiceDetail, one: InvoiceLine, words: PageWords) -> tuple[str, ...]:
    currency, scale = found.row["currency"], found.row["scale"]
    free = f" ({words.text('order.free')})" if one.key[1] else ""
    batches = ", ".join(_batch(goods.batch, goods.quantity, one) for goods in one.goods)
    price = unit_price(one.unit_price, currency, scale) if one.unit_price is not None else ""
    return (
        str(one.number),
        f"{one.name}{free}",
        one.hsn,
        *((batches,) if _has_batches(found) else ()),
        f"{grouped(one.quantity)} {one.unit}".strip() if one.quantity else "",
        price,
        _cash(found, one.discount),
        _cash(found, one.net),
        _cash(found, one.tax),
        _cash(found, one.total),
    )


def _has_batches(found: InvoiceDetail) -> bool:
    return any(goods.batch for one in found.lines for goods in one.goods)


def _batch(code: str, quantity: int, line: InvoiceLine) -> str:
    return f"{code} ({grouped(quantity)})" if len(line.goods) > 1 else code


def _rates(found: InvoiceDetail, words: PageWords) -> Block:
    columns = (
        Column(words.text("paper.rate")),
        Column(words.text("invoices.taxable"), grows=True, amount=True),
        Column(words.text("word.tax")),
    )
    rows = tuple(
        (
            percent(one.rate),
            _cash(found, one.taxable),
            ", ".join(f"{head} {_cash(found, amount)}" for head, amount in one.heads),
        )
        for one in found.rates
    )
    return Block(columns, rows)


def _registered(found: InvoiceDetail, words: PageWords) -> Iterator[str]:
    """Write what the portal of e-invoices gave, which the law wants on the paper."""
    given = found.registration
    if given is None or not given.irn or given.ack_at is None:
        return
    day = words.day(day_in_india(given.ack_at))
    yield f"{words.text('einvoice.irn')}: {let_break(given.irn)}"
    ack = f"{words.text('einvoice.ack_no')}: {given.ack_no}"
    yield f"{ack}, {words.text('einvoice.ack_day')} {day}"
    if given.eway_no:
        yield f"{words.text('einvoice.eway')}: {given.eway_no}"


def _code(found: InvoiceDetail) -> str:
    """Write what the code of an invoice says: the portal's own, else by the names of its fields."""
    if found.registration is not None and found.registration.qr:
        return found.registration.qr
    row = found.row
    said = {
        "SellerGstin": found.seller.gstin,
        "BuyerGstin": found.buyer.gstin or "URP",
        "DocNo": row["number"],
        "DocTyp": TYPES[row["kind"]],
        "DocDt": f"{row['day']:%d/%m/%Y}",
        "TotInvVal": str(shown(row["payable"], row["scale"])),
        "ItemCnt": len(found.lines),
        "MainHsnCode": max(found.lines, key=lambda one: one.net).hsn if found.lines else "",
    }
    return json.dumps(said, separators=(",", ":"))
