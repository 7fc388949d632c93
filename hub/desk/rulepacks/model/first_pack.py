"""The first rule pack of a hub, from a few answers: prices below the MRP, a price list, and tax."""

import re
from dataclasses import dataclass
from typing import Final, Literal

TaxKind = Literal["gst", "none"]
TAXES: Final[tuple[TaxKind, ...]] = ("gst", "none")
MOST_BELOW: Final = 90
"""Percent below the MRP that a form may ask for."""
_DIGITS: Final = 2
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_HOME: Final = re.compile(r"[A-Z]{2}(/[A-Z0-9][A-Z0-9-]*)*")
_RATES: Final = ((5, "2.5"), (18, "9"), (40, "20"))
"""Rates of goods and services tax since 22 September 2025, each with its half."""
_HEAD: Final = """\
# The first rules of this hub. Prices are {said} tax.
pack:
  name: first
  version: 1
  currency: {currency}
  scale: 2
  timezone: {zone}
  tax: {tax}
  round_to: 1.00

prices:
  # What stands in the list counts; files of prices change it.
  - id: PL-BASE
    text: {{en: Base list, hi: मूल सूची}}
    level: default
    priority: 1
    csv: base.csv
  # Whatever is not in the list is sold below what is printed on it.
  - id: PL-MRP
    text: {{en: Below MRP, hi: MRP से कम}}
    level: default
    mrp: {{percent: -{below}}}

taxes:
{taxes}

case_products:
  BISCUITS: {{name: Biscuits, tax_class: gst0, mrp: 100.00}}

tests:
  - name: what is not in the list costs {below} % less than its MRP
    on: 2026-04-01
    lines: [{{sku: BISCUITS, qty: 1}}]
    expect: {{outcome: accept, gross: {price}.00, applied: [PL-MRP]}}
"""


class FirstPackError(ValueError):
    """An answer makes no rules; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field: Final = field


@dataclass(frozen=True, slots=True)
class FirstPack:
    """The answers: `below` percent under the MRP; `home` is the region of the distributor's state.

    Customers of the home region pay central and state tax, all others the integrated one.
    """

    currency: str
    zone: str
    taxes: TaxKind
    home: str
    with_tax: bool
    below: int


def read_first_pack(
    *, currency: str, zone: str, taxes: str, home: str, with_tax: bool, below: str
) -> FirstPack:
    """Read the answers as they were typed; raises FirstPackError."""
    currency, home, below = currency.strip().upper(), home.strip().upper(), below.strip()
    if not _CURRENCY.fullmatch(currency):
        raise FirstPackError("currency")
    kind = next((one for one in TAXES if one == taxes), None)
    if kind is None:
        raise FirstPackError("taxes")
    if kind == "gst" and not _HOME.fullmatch(home):
        raise FirstPackError("home")
    if not (below.isascii() and below.isdigit()) or len(below) > _DIGITS or int(below) > MOST_BELOW:
        raise FirstPackError("below")
    return FirstPack(currency, zone, kind, home, with_tax, int(below))


def first_files(asked: FirstPack) -> dict[str, bytes]:
    """Write the rule files, with a case that holds them to what was answered."""
    head = _HEAD.format(
        said="with" if asked.with_tax else "without",
        currency=asked.currency,
        zone=asked.zone,
        tax="inclusive" if asked.with_tax else "exclusive",
        below=asked.below,
        price=100 - asked.below,
        taxes="\n".join(_tax_rules(asked)),
    )
    return {"pack.yaml": head.encode(), "base.csv": b"sku,price\n"}


def _tax_rules(asked: FirstPack) -> list[str]:
    if asked.taxes == "none":
        return ["  - {id: NO-TAX, heads: {TAX: 0}}"]
    rules = ["  - {id: GST-0, when: {tax_class: gst0}, heads: {GST: 0}}"]
    for rate, half in _RATES:
        near = f"{{tax_class: gst{rate}, geo: {asked.home}}}"
        rules += [
            f"  - {{id: IGST-{rate}, when: {{tax_class: gst{rate}}}, heads: {{IGST: {rate}}}}}",
            f"  - {{id: GST-{rate}, when: {near}, heads: {{CGST: {half}, SGST: {half}}}}}",
        ]
    return rules
