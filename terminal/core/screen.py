"""What the optional screen shows, as one frozen picture of the counter."""

from dataclasses import dataclass
from typing import Final, Literal

Link = Literal["online", "hub_away", "offline"]


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """One line of the open order; `amount` is empty where it has no price.

    `packs` says in which packs it is ordered, as `2 CASE`; empty for base units.
    """

    number: int
    sku: str
    name: str
    quantity: int
    amount: str
    unpriced: bool
    packs: str = ""

    @property
    def counted(self) -> str:
        """Say how many, right-aligned: `2 CASE = 48`, or `48`."""
        return f"{self.packs} = {self.quantity}" if self.packs else f"{self.quantity:>5}"


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything a person may want to see, in words and numbers.

    `pack` names the rule pack in force; `pack_hold` says why the one the hub wants is not.
    `held_back` says which schemes are not given before the hub has answered, `coupon_notes` which
    coupons give nothing, `offers` what may be had instead of free goods.
    """

    terminal: str
    customer: str = ""
    said: str = ""
    tone: Literal["ok", "error", "done"] = "ok"
    read: str = ""
    lines: tuple[ScreenLine, ...] = ()
    payable: str = ""
    currency: str = ""
    near: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    coupons: tuple[str, ...] = ()
    coupon_notes: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    link: Link = "offline"
    queued: int = 0
    oldest_s: int = 0
    parked: int = 0
    printer: str = "unknown"
    slips_waiting: int = 0
    slips_unknown: int = 0
    pack: str = ""
    pack_hold: str = ""
    last_order: str = ""
    last_status: str = ""


_MARKS: Final = {"ok": " ", "done": "*", "error": "!"}


def as_reply(screen: Screen) -> str:
    """Write what was just said in one line, for somebody who types codes: `*` done, `!` error."""
    reply = f"{_MARKS[screen.tone]} {screen.said}"
    if not screen.lines:
        return reply
    total = f", {screen.currency} {screen.payable}" if screen.payable else ""
    return f"{reply}   ({len(screen.lines)} lines{total})"


def as_text(screen: Screen) -> str:
    """Write the screen as plain lines, for a text display and for tests."""
    rows = [f"{screen.terminal}  {screen.customer}".strip(), screen.said]
    rows += [f"{line.counted} x {line.name}  {line.amount or 'no price'}" for line in screen.lines]
    if screen.lines:
        rows.append(f"Provisional total {screen.currency} {screen.payable}")
    rows += [f"Coupon {code}" for code in screen.coupons]
    rows += [*screen.coupon_notes, *screen.offers, *screen.near, *screen.held_back]
    if screen.last_order:
        rows.append(f"Last order {screen.last_order}: {screen.last_status}")
    link = {"online": "Hub: there", "hub_away": "Hub: away", "offline": "Hub: no connection"}
    rows.append(link[screen.link])
    if screen.queued:
        rows.append(f"{screen.queued} orders wait for an answer, the oldest {screen.oldest_s} s")
    if screen.parked:
        rows.append(f"{screen.parked} orders were refused by the hub: call support")
    if screen.slips_waiting:
        rows.append(f"{screen.slips_waiting} slips wait for the printer ({screen.printer})")
    if screen.slips_unknown:
        rows.append(f"{screen.slips_unknown} slips may not have printed: REPRINT gives a copy")
    if screen.pack:
        rows.append(f"Rule pack {screen.pack}")
    if screen.pack_hold:
        rows.append(f"Prices as before, a new rule pack waits: {screen.pack_hold}")
    return "\n".join(row for row in rows if row)
