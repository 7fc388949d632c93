"""The JSON Schema of one rule file, as editors take it: YAML is checked while it is written."""

from typing import Final

from rules.language.cases.expecting import AMOUNTS, LINE_AMOUNTS
from rules.language.cases.quotes import WORTHS
from rules.language.head import DATES, MOST_HOURS, OTHERWISE, RETURNS, WHICH_DAY
from rules.language.keys.prices import ABOVE_MRP
from rules.language.keys.settlement import TODAY
from rules.language.schemes.reading import STACKING
from rules.language.vocabulary import CHOICES, CREDIT_PARTS, GATES, LIMIT_STATES
from rules.tools.schema.rule_files import schemes
from rules.tools.schema.rule_files.conditions import definitions
from rules.tools.schema.rule_files.declared import properties_of
from rules.tools.schema.rule_files.sections import SECTIONS
from rules.tools.schema.rule_files.values import (
    Schema,
    choice,
    day,
    flag,
    listing,
    named,
    number,
    number_or,
    percent,
    table,
    whole,
    word,
    words,
)

# Editors know this dialect best.
_DIALECT: Final = "http://json-schema.org/draft-07/schema#"


def rule_file_schema() -> Schema:
    """Describe a rule file: any of its sections, each in any of the files of a pack."""
    sections = {
        "pack": _head(),
        **properties_of(SECTIONS),
        **schemes.sections(),
        "case_products": named("products by SKU, for the cases alone", _product()),
        "tests": listing("cases: an order with its facts, and what must come out", _case()),
    }
    schema = table("Rules of one pack, which may stand in several files.", sections)
    return {"$schema": _DIALECT, "title": "rules-file", **schema, "definitions": definitions()}


def _head() -> Schema:
    return table(
        "the pack itself, in one of its files",
        {
            "name": word("the pack's name"),
            "version": whole("rises with every change", least=1),
            "currency": {"description": "such as INR", "type": "string", "pattern": "^[A-Z]{3}$"},
            "scale": whole("decimals of an amount; 2 otherwise", most=4),
            "timezone": word("such as Asia/Kolkata"),
            "tax": choice("whether prices are without tax or with it", ("exclusive", "inclusive")),
            "round_to": number("what an order is rounded to, such as 1.00"),
            "warehouses": words("warehouses, the first to be picked from first"),
            "above_mrp": choice("what follows if a line is above its MRP", ABOVE_MRP),
            "returns": table(
                "what follows for what a sale has earned if goods come back",
                {
                    "free_goods": choice("those no longer earned", RETURNS["free_goods"]),
                    "discounts": choice("those on what is kept", RETURNS["discounts"]),
                },
            ),
            "quotes": table(
                "what holds for orders that were quoted with an earlier pack",
                {
                    "honour_hours": whole("hours for which such a quote holds", most=MOST_HOURS),
                    "offline_hours": whole(
                        "hours after its capture for which one captured by then holds",
                        most=MOST_HOURS,
                    ),
                    "otherwise": choice("what follows after that where prices differ", OTHERWISE),
                },
            ),
            "dates": table(
                "which day counts; the order's otherwise, and where no delivery is named",
                {key: choice(f"for {key}", WHICH_DAY) for key in DATES},
            ),
            "allow_lifo": flag("whether the newest batch may leave first"),
            "expires_today": choice("what is done with what expires today", TODAY),
            "stacking": table(
                "whether discounts add, or act on what those before have left",
                {
                    "inside": choice("those of one priority", STACKING["inside"]),
                    "across": choice("those of larger priorities", STACKING["across"]),
                },
            ),
        },
        needs=("name", "version", "currency", "timezone"),
    )


def _product() -> Schema:
    return table(
        "a product of the cases",
        {
            "name": word("what people read; the SKU otherwise"),
            "category": word("a path from the root, such as tea/green"),
            "brand": word("its brand"),
            "tax_class": word("its tax class"),
            "pack_sizes": named("base units of each pack size", whole("base units")),
            "mrp": number("the price printed on a base unit, tax included"),
            "cost": number("what a base unit costs the distributor, made up"),
        },
    )


def _case() -> Schema:
    return table(
        "an order with its facts, and what must come out",
        {
            "name": word("what the case shows"),
            "on": day("the day the order is decided"),
            "delivery": day("the day on which the goods are wanted; unknown otherwise"),
            "customer": _customer(),
            "payment": choice("how the order is paid", CHOICES["payment"]),
            "lines": listing("what is ordered", _line(), least=1),
            "products": named("products of this case alone", _product()),
            "prices": named("prices in place of the default lists", number("a price")),
            "credit": _credit(),
            "gate": choice("the gate whose answer is expected; the order's otherwise", GATES),
            "batches": listing("batches in stock; unknown otherwise", _batch()),
            "distances": named("how far each warehouse is, such as kilometres", whole("how far")),
            "returned": named("what comes back, by SKU", whole("base units")),
            "returned_free": named("free goods that come back, by SKU", whole("base units")),
            "charged": named("free goods that are paid for instead, by SKU", whole("base units")),
            "used": named("what all customers had of schemes so far", _had()),
            "had": named("what this customer had of schemes so far in their periods", _had()),
            "leased": words("schemes of which only a lease may be given here"),
            "quoted": table(
                "what an earlier pack priced the order at",
                {
                    "payable": number("what was to pay"),
                    "hours": whole("for how long this pack serves in its place"),
                    "captured": whole("how many hours ago it was captured, by a trusted clock"),
                },
                needs=("payable", "hours"),
            ),
            "coupons": words("coupons shown with the order"),
            "choices": named(
                "products wished for, by the scheme's id",
                word("a SKU; of an optional gift also take or none"),
            ),
            "expect": _expect(),
        },
        needs=("name", "on", "lines", "expect"),
    )


def _had() -> Schema:
    return number_or(
        "uses, or more of it",
        {
            "uses": whole("uses"),
            "qty": whole("pieces free or with a discount"),
            "amount": number("money given"),
            "bought": number("what was bought, in the scheme's units"),
        },
    )


def _customer() -> Schema:
    return table(
        "who orders",
        {
            "id": word("the customer's id"),
            "type": word("such as retailer"),
            "geo": word("a path such as IN/KA/BLR"),
            "status": choice("whether free to buy", CHOICES["customer.status"]),
            "age_days": whole("days since it became a customer; unknown otherwise"),
        },
    )


def _line() -> Schema:
    pieces = whole("base units", least=1)
    line = {
        "sku": word("a case product"),
        "qty": pieces,
        "unit": word("the pack size it was ordered in; base units otherwise"),
        "batch": word("the batch that was asked for"),
        "batch_reason": word("why, where another leaves before it"),
        "percent_off": percent("of its gross, as whoever orders asks for"),
        "off_each": number("for each base unit, as whoever orders asks for"),
    }
    return table("one product", line, needs=("sku", "qty"))


def _credit() -> Schema:
    amounts = {
        key: number(f"{key} without this order", least=None)
        for key in ("limit", "exposure", "overdue")
    }
    parts = {
        part: number(f"{part} without this order; exposure is their sum")
        for part in CREDIT_PARTS
        if part != "total"
    }
    return table(
        "where the customer stands; unknown otherwise",
        {
            "state": choice("whether there is a limit; unset leaves it to the pack", LIMIT_STATES),
            **amounts,
            **parts,
            "overdue_days": whole("days the oldest part is overdue"),
        },
    )


def _batch() -> Schema:
    return table(
        "a lot in a warehouse",
        {
            "id": word("the batch's id"),
            "sku": word("its product"),
            "warehouse": word("where it is; MAIN otherwise"),
            "available": whole("base units"),
            "received": day("when it came"),
            "manufactured": day("when it was made"),
            "expiry": day("its last day"),
            "mrp": number("the price printed on it; the product's otherwise"),
            "blocked": flag("whether it may not be sold: it is recalled, or waits for a test"),
        },
        needs=("id", "sku", "available"),
    )


def _expect() -> Schema:
    counts = {
        "free": "free pieces by SKU",
        "sold": "sold pieces by SKU",
        "picked": "picked pieces by batch",
        "take_back": "free pieces that have to come back after the return, by SKU",
    }
    names = {
        "applied": "rules that applied",
        "not_applied": "rules that did not",
        "approvals": "the approvals that are needed, all of them",
        "reasons": "the reason codes, all of them",
        "told": "codes that the trace tells, among others",
        "return_reasons": "the reason codes of the return, all of them",
    }
    none: Schema = {"type": "array", "maxItems": 0}
    return table(
        "what must come out; something is",
        {
            "outcome": choice("what becomes of the order", ("accept", "hold", "reject")),
            "quote": choice("what the quote is worth", WORTHS),
            **{key: number("of the whole order", least=None) for key in AMOUNTS},
            "credit": number("what the return is credited with", least=None),
            **{key: named(text, whole("pieces")) for key, text in counts.items()},
            **{key: _or_none(words(text), none) for key, text in names.items()},
            "lines": named("what must come of single lines, by their place from 1", _line_expect()),
        },
    ) | {"minProperties": 1}


def _line_expect() -> Schema:
    return table(
        "what must come of one line; something is",
        {
            **{key: number("of the line", least=None) for key in LINE_AMOUNTS},
            "unit_price": number("the price of a base unit"),
            "heads": named("the heads of its tax", number("an amount", least=None)),
        },
    ) | {"minProperties": 1}


def _or_none(schema: Schema, none: Schema) -> Schema:
    return schema | {"anyOf": [*schema["anyOf"], none]}
