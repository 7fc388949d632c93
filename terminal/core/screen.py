"""What the optional screen shows, as one frozen picture of the counter."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from terminal.core.fate import Light, Reach, Tone
from terminal.core.words import DEFAULT_LANGUAGE, Voice

Link = Reach


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
class ScreenGift:
    """Free goods of the open order; `scheme` is what earned them, empty where it has no name."""

    quantity: int
    name: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class ScreenSum:
    """One sum below the lines of the open order, in words and as an amount: `CGST 2.5 %`, 13.38."""

    name: str
    amount: str


@dataclass(frozen=True, slots=True)
class Banner:
    """Something that stands on the screen until it is over."""

    text: str
    light: Light


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything a person may want to see, in words of `language` and numbers.

    `said` is the headline, `tone` its sound, `light` its colour and `now` what to do about it.
    `gifts` are goods that the open order earns, `sums` what it comes to with each tax, `schemes`
    what each takes off, `credit_left` what the hub last said of the customer's credit.
    `payment` says how the order at the counter is paid, `operator` who is signed in.
    `news` are answers to orders before the last one, `troubles` what does not work here.
    `pack` names the rule pack in force; `pack_hold` says why the one the hub wants is not,
    `software_hold` why an update of the machine's own software is not in use.
    `held_back` says which schemes are not given before the hub has answered, `coupon_notes` which
    coupons give nothing, `offers` what may be had instead of free goods.
    `volume` is how loud the counter is, from 0 for silent to 3; `told` counts what was said with a
    sound.
    """

    terminal: str
    customer: str = ""
    operator: str = ""
    said: str = ""
    tone: Tone = "ok"
    light: Light = "green"
    now: str = ""
    read: str = ""
    lines: tuple[ScreenLine, ...] = ()
    gifts: tuple[ScreenGift, ...] = ()
    sums: tuple[ScreenSum, ...] = ()
    schemes: tuple[str, ...] = ()
    credit_left: str = ""
    payable: str = ""
    currency: str = ""
    payment: str = ""
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
    software_hold: str = ""
    news: tuple[Banner, ...] = ()
    troubles: tuple[str, ...] = ()
    last_order: str = ""
    last_status: str = ""
    language: str = DEFAULT_LANGUAGE
    volume: int = 2
    told: int = 0

    @property
    def voice(self) -> Voice:
        """Give the language's words."""
        return Voice(self.language)


_STOPPED: Final = frozenset({"paper_out", "cover_open", "offline"})
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
    rows = [f"{screen.terminal}  {screen.customer}".strip(), screen.operator, screen.said]
    rows.append(screen.now)
    rows += [f"{line.counted} x {line.name}  {line.amount or no_price}" for line in screen.lines]
    free = voice.text("slip.free")
    rows += [f"{gift.quantity:>5} x {gift.name}  {free}" for gift in screen.gifts]
    rows += [f"{one.name} {one.amount}" for one in screen.sums]
    if screen.lines:
        payable = f"{screen.currency} {screen.payable}"
        rows.append(f"{voice.text('screen.provisional')} {payable}")
    rows += notes_of(screen)
    if screen.last_order:
        fate = voice.text("screen.last", number=screen.last_order, status=screen.last_status)
        rows.append(fate)
    rows.append(link_of(screen))
    rows += [banner.text for banner in banners_of(screen)]
    if screen.pack:
        rows.append(voice.text("screen.pack", pack=screen.pack))
    return "\n".join(row for row in rows if row)


def state_of(screen: Screen) -> dict[str, Any]:
    """Give the screen as a page is told it: its parts, and what is shown of them in words."""
    words = {
        "text": as_text(screen),
        "notes": notes_of(screen),
        "link_words": link_of(screen),
        "banners": [asdict(banner) for banner in banners_of(screen)],
    }
    return {**asdict(screen), **words}


def notes_of(screen: Screen) -> list[str]:
    """Say how the order is paid, what credit is left, what schemes give, nearly give, hold back."""
    voice = screen.voice
    paid = [voice.text("screen.payment", payment=screen.payment)] if screen.payment else []
    if screen.lines and screen.credit_left:
        paid.append(voice.text("screen.credit_left", amount=screen.credit_left))
    paid += screen.schemes
    coupons = [voice.text("slip.coupon", code=code) for code in screen.coupons]
    return [*paid, *coupons, *screen.coupon_notes, *screen.offers, *screen.near, *screen.held_back]


def link_of(screen: Screen) -> str:
    """Tell whether somebody is there to take orders."""
    return screen.voice.text(f"link.{screen.link}")


def banners_of(screen: Screen) -> list[Banner]:
    """Say what stands as long as it lasts: the worst first, then what only waits, then the news."""
    voice = screen.voice
    banners = [Banner(text, "red") for text in screen.troubles]
    banners += _of_printer(screen, voice)
    if screen.parked:
        banners.append(Banner(voice.text("screen.parked", count=screen.parked), "red"))
    if screen.link != "online":
        light: Light = "red" if screen.link == "shut_out" else "amber"
        banners.append(Banner(voice.text(f"away.{screen.link}"), light))
    if screen.queued:
        words = voice.text("screen.queued", count=screen.queued, seconds=screen.oldest_s)
        banners.append(Banner(words, "amber"))
    if screen.slips_unknown:
        words = voice.text("screen.slips_unknown", count=screen.slips_unknown)
        banners.append(Banner(words, "amber"))
    if screen.pack_hold:
        banners.append(Banner(voice.text("screen.pack_hold", why=screen.pack_hold), "amber"))
    if screen.software_hold:
        words = voice.text("screen.software_hold", why=screen.software_hold)
        banners.append(Banner(words, "amber"))
    return [*banners, *screen.news]


def _of_printer(screen: Screen, voice: Voice) -> list[Banner]:
    """Say what keeps the printer, whether or not a slip waits: the next one will."""
    count = screen.slips_waiting
    if screen.printer in _STOPPED:
        name = f"banner.{screen.printer}_slips" if count else f"banner.{screen.printer}"
        return [Banner(voice.text(name, count=count), "red")]
    if count and screen.printer != "ready":
        return [Banner(voice.text("banner.slips_wait", count=count), "amber")]
    return []
