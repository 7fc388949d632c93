"""What the optional screen shows, as one frozen picture of the counter."""

from dataclasses import dataclass
from typing import Final, Literal

from terminal.core.words import DEFAULT_LANGUAGE, Voice

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
    """Everything a person may want to see, in words of `language` and numbers.

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
    language: str = DEFAULT_LANGUAGE

    @property
    def voice(self) -> Voice:
        """Give the language's words."""
        return Voice(self.language)


_MARKS: Final = {"ok": " ", "done": "*", "error": "!"}


def as_reply(screen: Screen) -> str:
    """Write what was just said in one line, for somebody who types codes: `*` done, `!` error."""
    reply = f"{_MARKS[screen.tone]} {screen.said}"
    if not screen.lines:
        return reply
    count, voice = len(screen.lines), screen.voice
    if not screen.payable:
        return f"{reply}   ({voice.text('screen.lines', count=count)})"
    payable = f"{screen.currency} {screen.payable}"
    return f"{reply}   ({voice.text('screen.lines_payable', count=count, payable=payable)})"


def as_text(screen: Screen) -> str:
    """Write the screen as plain lines, for a text display and for tests."""
    voice = screen.voice
    no_price = voice.text("slip.no_price")
    rows = [f"{screen.terminal}  {screen.customer}".strip(), screen.said]
    rows += [f"{line.counted} x {line.name}  {line.amount or no_price}" for line in screen.lines]
    if screen.lines:
        payable = f"{screen.currency} {screen.payable}"
        rows.append(f"{voice.text('screen.provisional')} {payable}")
    rows += notes_of(screen)
    if screen.last_order:
        fate = voice.text("screen.last", number=screen.last_order, status=screen.last_status)
        rows.append(fate)
    rows += [link_of(screen), *waiting_of(screen)]
    if screen.pack:
        rows.append(voice.text("screen.pack", pack=screen.pack))
    if screen.pack_hold:
        rows.append(voice.text("screen.pack_hold", why=screen.pack_hold))
    return "\n".join(row for row in rows if row)


def notes_of(screen: Screen) -> list[str]:
    """Name the coupons, what may be had instead, what is nearly earned and what is held back."""
    coupons = [screen.voice.text("slip.coupon", code=code) for code in screen.coupons]
    return [*coupons, *screen.coupon_notes, *screen.offers, *screen.near, *screen.held_back]


def link_of(screen: Screen) -> str:
    """Tell whether somebody is there to take orders."""
    return screen.voice.text(f"link.{screen.link}")


def waiting_of(screen: Screen) -> list[str]:
    """Tell of orders that wait or were refused, and of slips that wait or may not have printed."""
    voice, rows = screen.voice, []
    if screen.queued:
        rows.append(voice.text("screen.queued", count=screen.queued, seconds=screen.oldest_s))
    if screen.parked:
        rows.append(voice.text("screen.parked", count=screen.parked))
    if screen.slips_waiting:
        printer = voice.text(f"printer.{screen.printer}")
        rows.append(voice.text("screen.slips_waiting", count=screen.slips_waiting, printer=printer))
    if screen.slips_unknown:
        rows.append(voice.text("screen.slips_unknown", count=screen.slips_unknown))
    return rows
