"""Reads one case: who orders what, what is known, and what must come out."""

from rules.language.cases.expecting import read_expect
from rules.language.cases.quotes import read_quote_side
from rules.language.cases.returns import read_counts, read_return_side
from rules.language.cases.schemes import choice_products, read_scheme_side
from rules.language.conditions import Packed, Reading
from rules.language.keys.cases import (
    Case,
    CaseBatch,
    CaseCredit,
    CaseCustomer,
    CaseLine,
    CaseProduct,
)
from rules.language.text.faults import suggestion
from rules.language.text.fields import Fields, read_number
from rules.language.text.keys import MOST
from rules.language.text.nodes import Scalar, Table
from rules.language.vocabulary import NODE_SEPARATOR
from rules.values.rounding import UNIT_PRICE_SCALE


def read_case_products(table: Fields | None) -> dict[str, Packed]:
    """Read `case_products`: products by SKU, for the cases alone."""
    products = {}
    for key, node in table.items() if table else ():
        if not isinstance(node, Table) or table is None:
            if table is not None:
                table.faults.add(node.place, "a product is a mapping")
            continue
        products[key.text] = _read_product(Fields(node, table.faults), key.text)
    return products


def _read_product(fields: Fields, sku: str) -> Packed:
    category = fields.text(CaseProduct.category)
    product: Packed = {
        "sku": sku,
        "name": fields.text(CaseProduct.called) or sku,
        "category": category.split(NODE_SEPARATOR) if category else [],
        "brand": fields.text(CaseProduct.brand),
        "tax_class": fields.text(CaseProduct.tax_class),
        "pack_sizes": read_counts(fields, CaseProduct.pack_sizes),
    }
    fields.take(CaseProduct, product, scale=UNIT_PRICE_SCALE)
    fields.close()
    return product


def read_case(fields: Fields, reading: Reading) -> Packed:
    """Read one case of the `tests` section; its own products come before those of all cases."""
    products = reading.products
    if fields.has(Case.products):
        products = {**products, **read_case_products(fields.table(Case.products))}
    lines = _read_lines(fields, products)
    wanted = {line["sku"] for line in lines} | choice_products(reading)
    case: Packed = {
        "name": fields.need_text(Case.called),
        "on": fields.day(Case.on) or _missing_day(fields),
        "customer": _read_customer(fields),
        "payment": fields.choice(Case.payment) or "credit",
        "lines": lines,
        "products": {sku: products[sku] for sku in sorted(wanted & products.keys())},
    }
    fields.take(Case, case, scale=reading.scale)
    if fields.has(Case.prices):
        case["prices"] = _read_prices(fields)
    credit = fields.table(Case.credit)
    if credit is not None:
        case["credit"] = _read_credit(credit, reading)
    if fields.has(Case.batches):
        case["batches"] = [_read_batch(batch) for batch in fields.tables(Case.batches)]
    if fields.has(Case.distances):
        case["distances"] = read_counts(fields, Case.distances)
    case.update(read_scheme_side(fields, reading))
    case.update(read_quote_side(fields, reading))
    case.update(read_return_side(fields))
    case["expect"] = read_expect(fields, reading, case)
    fields.close()
    return case


def _missing_day(fields: Fields) -> str:
    fields.fault("'on' is missing: the day the order is decided")
    return ""


def _read_customer(fields: Fields) -> Packed:
    table = fields.table(Case.customer)
    if table is None:
        return {"id": "CASE", "type": None, "geo": [], "status": "active"}
    geo = table.text(CaseCustomer.geo)
    customer: Packed = {
        "id": table.text(CaseCustomer.id) or "CASE",
        "type": table.text(CaseCustomer.kind),
        "geo": geo.split(NODE_SEPARATOR) if geo else [],
        "status": table.choice(CaseCustomer.status) or "active",
    }
    table.take(CaseCustomer, customer, scale=0)
    table.close()
    return customer


def _read_lines(fields: Fields, products: dict[str, Packed]) -> list[Packed]:
    lines = []
    for table in fields.tables(Case.lines):
        sku = table.need_text(CaseLine.sku)
        if sku and sku not in products:
            hint = suggestion(sku, products)
            table.fault(f"no case product '{sku}'{hint}", CaseLine.sku)
        line: Packed = {"sku": sku, "qty": table.need_number(CaseLine.pieces)}
        table.take(CaseLine, line, scale=UNIT_PRICE_SCALE)
        lines.append(line)
        table.close()
    if not lines:
        fields.fault("'lines' is missing")
    return lines


def _read_prices(fields: Fields) -> dict[str, int]:
    table = fields.table(Case.prices)
    prices = {}
    for key, node in table.items() if table else ():
        if isinstance(node, Scalar):
            value = read_number(node, UNIT_PRICE_SCALE, fields.faults, least=1, most=MOST)
            if value is not None:
                prices[key.text] = value
        else:
            fields.faults.add(node.place, f"the price of '{key.text}' is a number")
    return prices


def _read_credit(table: Fields, reading: Reading) -> Packed:
    credit: Packed = {
        "state": table.choice(CaseCredit.state) or "amount",
        "overdue_days": table.number(CaseCredit.overdue_days) or 0,
    }
    for key, amount in CaseCredit.amounts.items():
        credit[key] = table.number(amount, reading.scale) or 0
    parts = {key: table.number(part, reading.scale) for key, part in CaseCredit.parts.items()}
    credit.update({key: amount for key, amount in parts.items() if amount})
    owed = sum(amount or 0 for amount in parts.values())
    if owed and table.has("exposure") and owed != credit["exposure"]:
        table.fault("'exposure' is the sum of its parts: leave it out", "exposure")
    credit["exposure"] = owed or credit["exposure"]
    table.close()
    return credit


def _read_batch(table: Fields) -> Packed:
    batch: Packed = {
        "id": table.need_text(CaseBatch.id),
        "sku": table.need_text(CaseBatch.sku),
        "warehouse": table.text(CaseBatch.warehouse) or "MAIN",
        "available": table.need_number(CaseBatch.available),
        "received": table.day(CaseBatch.received) or "2000-01-01",
        "manufactured": table.day(CaseBatch.manufactured),
        "expiry": table.day(CaseBatch.expiry),
    }
    table.take(CaseBatch, batch, scale=UNIT_PRICE_SCALE)
    table.close()
    return batch
