"""Reads one case: who orders what, what is known, and what must come out."""

from rules.language.cases.expecting import read_expect
from rules.language.cases.quotes import read_quote_side
from rules.language.cases.returns import read_counts, read_return_side
from rules.language.cases.schemes import choice_products, read_scheme_side
from rules.language.conditions import Packed, Reading
from rules.language.text.faults import suggestion
from rules.language.text.fields import Fields, read_number
from rules.language.text.nodes import Scalar, Table
from rules.language.vocabulary import CHOICES, CREDIT_PARTS, GATES, LIMIT_STATES, NODE_SEPARATOR
from rules.values.rounding import UNIT_PRICE_SCALE

_FAR = 10**18 - 1


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
    category = fields.text("category")
    product: Packed = {
        "sku": sku,
        "name": fields.text("name") or sku,
        "category": category.split(NODE_SEPARATOR) if category else [],
        "brand": fields.text("brand"),
        "tax_class": fields.text("tax_class"),
        "pack_sizes": read_counts(fields, "pack_sizes"),
    }
    product.update(_read_unit_prices(fields, "mrp", "cost"))
    fields.close()
    return product


def _read_unit_prices(fields: Fields, *keys: str) -> Packed:
    """Read what may be there of unit prices."""
    found = {key: fields.number(key, UNIT_PRICE_SCALE, least=1, most=_FAR) for key in keys}
    return {key: price for key, price in found.items() if price is not None}


def read_case(fields: Fields, reading: Reading) -> Packed:
    """Read one case of the `tests` section; its own products come before those of all cases."""
    products = reading.products
    if fields.has("products"):
        products = {**products, **read_case_products(fields.table("products"))}
    lines = _read_lines(fields, products)
    wanted = {line["sku"] for line in lines} | choice_products(reading)
    case: Packed = {
        "name": fields.need_text("name"),
        "on": fields.day("on") or _missing_day(fields),
        "customer": _read_customer(fields),
        "payment": fields.choice("payment", CHOICES["payment"]) or "credit",
        "lines": lines,
        "products": {sku: products[sku] for sku in sorted(wanted & products.keys())},
    }
    if fields.has("prices"):
        case["prices"] = _read_prices(fields)
    delivery = fields.day("delivery")
    if delivery is not None:
        case["delivery"] = delivery
    gate = fields.choice("gate", GATES)
    if gate is not None:
        case["gate"] = gate
    credit = fields.table("credit")
    if credit is not None:
        case["credit"] = _read_credit(credit, reading)
    if fields.has("batches"):
        case["batches"] = [_read_batch(batch) for batch in fields.tables("batches")]
    if fields.has("distances"):
        case["distances"] = read_counts(fields, "distances")
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
    table = fields.table("customer")
    if table is None:
        return {"id": "CASE", "type": None, "geo": [], "status": "active"}
    geo = table.text("geo")
    customer: Packed = {
        "id": table.text("id") or "CASE",
        "type": table.text("type"),
        "geo": geo.split(NODE_SEPARATOR) if geo else [],
        "status": table.choice("status", CHOICES["customer.status"]) or "active",
    }
    age = table.number("age_days", 0)
    if age is not None:
        customer["age_days"] = age
    table.close()
    return customer


def _read_lines(fields: Fields, products: dict[str, Packed]) -> list[Packed]:
    lines = []
    for table in fields.tables("lines"):
        sku = table.need_text("sku")
        if sku and sku not in products:
            table.fault(f"no case product '{sku}'{suggestion(sku, products)}", "sku")
        line: Packed = {"sku": sku, "qty": table.need_number("qty", 0, least=1)}
        words = ((key, table.text(key)) for key in ("unit", "batch", "batch_reason"))
        line.update({key: word for key, word in words if word})
        line.update(_read_asked(table))
        lines.append(line)
        table.close()
    if not lines:
        fields.fault("'lines' is missing")
    return lines


def _read_asked(table: Fields) -> Packed:
    """Read the discount that is asked for on a line."""
    percent, each = table.percent("percent_off"), table.number("off_each", UNIT_PRICE_SCALE)
    asked = {"percent_off": percent, "off_each": each}
    return {key: value for key, value in asked.items() if value}


def _read_prices(fields: Fields) -> dict[str, int]:
    table = fields.table("prices")
    prices = {}
    for key, node in table.items() if table else ():
        if isinstance(node, Scalar):
            value = read_number(node, UNIT_PRICE_SCALE, fields.faults, least=1, most=_FAR)
            if value is not None:
                prices[key.text] = value
        else:
            fields.faults.add(node.place, f"the price of '{key.text}' is a number")
    return prices


def _read_credit(table: Fields, reading: Reading) -> Packed:
    credit: Packed = {
        "state": table.choice("state", LIMIT_STATES) or "amount",
        "overdue_days": table.number("overdue_days", 0) or 0,
    }
    for key in ("limit", "exposure", "overdue"):
        credit[key] = table.number(key, reading.scale, least=-_FAR) or 0
    parts = {key: table.number(key, reading.scale) for key in CREDIT_PARTS if key != "total"}
    credit.update({key: amount for key, amount in parts.items() if amount})
    owed = sum(amount or 0 for amount in parts.values())
    if owed and table.has("exposure") and owed != credit["exposure"]:
        table.fault("'exposure' is the sum of its parts: leave it out", "exposure")
    credit["exposure"] = owed or credit["exposure"]
    table.close()
    return credit


def _read_batch(table: Fields) -> Packed:
    batch: Packed = {
        "id": table.need_text("id"),
        "sku": table.need_text("sku"),
        "warehouse": table.text("warehouse") or "MAIN",
        "available": table.need_number("available", 0),
        "received": table.day("received") or "2000-01-01",
        "manufactured": table.day("manufactured"),
        "expiry": table.day("expiry"),
    }
    batch.update(_read_unit_prices(table, "mrp"))
    if table.flag("blocked", default=False):
        batch["blocked"] = 1
    table.close()
    return batch
