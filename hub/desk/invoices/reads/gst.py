"""A month for the return of sales (GSTR-1): what was invoiced and credited, by buyer and rate."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from hub.base.access import Scope
from hub.desk.invoices.model.gst_return import ReturnRow, table_of
from hub.desk.invoices.model.sides import read_side
from hub.desk.invoices.reads.scope import invoices_of
from hub.desk.invoices.tables import invoice, invoice_line, invoice_tax


def read_month(
    connection: Connection, *, first: date, last: date, scope: Scope
) -> Sequence[ReturnRow]:
    """Read what goes into the return of a month; what was cancelled in it is left out.

    A rate is of the tax alone: cess stands beside it as an amount, as on the e-invoice. Goods that
    are given free come to nothing, and are in no table.
    """
    of_tax = case((invoice_tax.c.head == "CESS", 0), else_=invoice_tax.c.rate)
    rates = (
        select(
            invoice_tax.c.invoice_id,
            invoice_tax.c.line,
            func.sum(of_tax).label("rate"),
            *(_head(name) for name in ("IGST", "CGST", "SGST", "CESS")),
        )
        .group_by(invoice_tax.c.invoice_id, invoice_tax.c.line)
        .subquery()
    )
    heads = ("IGST", "CGST", "SGST", "CESS")
    noted = invoice.alias("noted")
    rate = func.coalesce(rates.c.rate, 0)
    query = (
        select(
            invoice,
            rate.label("of_rate"),
            func.coalesce(noted.c.day, invoice.c.day).label("sold_day"),
            func.coalesce(noted.c.payable, invoice.c.payable).label("sold_payable"),
            func.sum(invoice_line.c.net).label("taxable"),
            *(func.coalesce(func.sum(rates.c[name]), 0).label(f"sum_{name}") for name in heads),
        )
        .join(invoice_line, invoice_line.c.invoice_id == invoice.c.id)
        .outerjoin(noted, noted.c.id == invoice.c.of_id)
        .outerjoin(
            rates,
            and_(rates.c.invoice_id == invoice.c.id, rates.c.line == invoice_line.c.line),
        )
        .where(invoice.c.day.between(first, last), invoice.c.cancelled_day.is_(None))
        .where(invoices_of(scope))
        .group_by(*invoice.c, noted.c.day, noted.c.payable, rate)
        .order_by(invoice.c.id, rate)
    )
    rows = (_row(row) for row in connection.execute(query).mappings())
    return [one for one in rows if one.says_something]


def _head(name: str) -> Any:  # noqa: ANN401 -- a labelled sum
    own = ("SGST", "UTGST") if name == "SGST" else (name,)
    is_own = invoice_tax.c.head.in_(own)
    return func.sum(case((is_own, invoice_tax.c.amount), else_=0)).label(name)


def _row(row: Any) -> ReturnRow:  # noqa: ANN401 -- a row of a query
    seller, buyer = read_side(row["seller"]), read_side(row["buyer"])
    sign = -1 if row["kind"] == "credit_note" else 1
    return ReturnRow(
        row["kind"],
        table_of(
            row["kind"],
            gstin=buyer.gstin,
            is_inter=bool(seller.state) and row["place_of_supply"] not in {"", seller.state},
            day=_day(row["sold_day"]),
            value=row["sold_payable"],
            scale=row["scale"],
            rate=int(row["of_rate"]),
        ),
        row["number"],
        row["day"],
        buyer.gstin,
        buyer.name,
        row["place_of_supply"],
        bool(row["reverse_charge"]),
        sign * row["payable"],
        int(row["of_rate"]),
        taxable=sign * int(row["taxable"]),
        igst=sign * int(row["sum_IGST"]),
        cgst=sign * int(row["sum_CGST"]),
        sgst=sign * int(row["sum_SGST"]),
        cess=sign * int(row["sum_CESS"]),
    )


def _day(value: date | str) -> date:
    """Read a day: SQLite's driver gives its text where it is no column."""
    return date.fromisoformat(value) if isinstance(value, str) else value
