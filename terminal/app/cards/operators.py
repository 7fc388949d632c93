"""Signs operators in by card and PIN, locks a card after wrong PINs, and signs out who is gone."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from broker.contract.cards import PIN_DIGITS, OperatorCard, is_pin, pin_fits, written_operator
from terminal.app.board import Board
from terminal.app.knowledge import Knowledge
from terminal.core.cards import LOCKED_MS, WRONG_PINS, Tries, left_ms, tried_wrong
from terminal.core.codes import CommandRead, Read, shown
from terminal.core.ports import Clock
from terminal.core.text import clean
from terminal.core.words import said
from terminal.store import Store

_log = logging.getLogger(__name__)
_PIN_WITHIN_MS: Final = 30_000
IDLE_MS: Final = 10 * 60_000
"""Who scans nothing for so long, with no order open, is signed out."""
_MINUTE_MS: Final = 60_000
_HIDDEN: Final = "****"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A card whose PIN is awaited, with the digits so far; `since_ms` is a monotonic time."""

    card: str
    since_ms: int
    digits: str = ""


class Operators:
    """Knows who is signed in; a restart signs out."""

    def __init__(self, store: Store, *, knowledge: Knowledge, board: Board, clock: Clock) -> None:
        self._store = store
        self._knowledge = knowledge
        self._board = board
        self._clock = clock
        self._signed_in = ""
        self._entry: _Entry | None = None
        self._seen_ms = clock.mono_ms()
        self._told, self._pins = knowledge.config, self._known_pins()
        self.on_locked: Callable[[OperatorCard], None] = lambda _card: None

    @property
    def name(self) -> str:
        """Name who is signed in as an order bears it, empty for nobody.

        Whoever the hub has taken off the list is signed out by that.
        """
        card = self._knowledge.operator_card(self._signed_in) if self._signed_in else None
        return written_operator(card.name, card.card) if card else ""

    @property
    def are_gone(self) -> bool:
        """Tell whether nobody has scanned anything for long."""
        return self._clock.mono_ms() - self._seen_ms >= IDLE_MS

    def seen(self, raw: str) -> str:
        """Give a code as the screen and the log may show it: a PIN is for nobody's eyes."""
        is_open = self._entry is not None
        return _HIDDEN if is_open and (is_pin(raw.strip()) or _is_digit(raw)) else shown(raw)

    def take(self, raw: str, read: Read, *, seen: str) -> bool:
        """Take a code that is about who is at the counter; False for every other one."""
        now_ms = self._clock.mono_ms()
        entry, self._entry = self._entry, None
        self._seen_ms = now_ms
        match read:
            case CommandRead("OPERATOR", name=card):
                self._begin(card, now_ms, seen)
            case CommandRead("SIGN-OUT"):
                self._sign_out(seen)
            case _ if entry is None or now_ms - entry.since_ms > _PIN_WITHIN_MS:
                return False
            case _ if self._left_ms(entry.card):
                return self._still_locked(entry, raw, read, seen=seen)
            case CommandRead("DIGIT", number=digit):
                self._add(entry, digit, seen)
            case CommandRead("UNDO"):
                self._ask(replace(entry, digits=""), seen)
            case CommandRead("ENTER"):
                self._enter(entry, entry.digits, seen)
            case _ if is_pin(raw.strip()):
                self._enter(entry, raw.strip(), seen)
            case _:
                return False
        return True

    def settle(self, *, is_idle: bool) -> None:
        """Sign out whoever the hub took off the list, or who left the counter long ago.

        A card that the hub gave a new PIN is locked no more: its wrong PINs were of the old one.
        """
        self._forget_old_pins()
        if self._signed_in and ((is_idle and self.are_gone) or not self.name):
            self._signed_in = ""
            _log.info("the operator was signed out")
        if self._board.operator != self.name:
            self._board.operator = self.name
            self._board.refresh()

    def _forget_old_pins(self) -> None:
        if self._told is self._knowledge.config:
            return
        before, self._told, self._pins = self._pins, self._knowledge.config, self._known_pins()
        for card in self._store.card_tries().keys() & before.keys() & self._pins.keys():
            if self._pins[card] != before[card]:
                self._keep(card, None)

    def _known_pins(self) -> dict[str, str]:
        config = self._knowledge.config
        return {one.card: one.pin for one in config.operators} if config else {}

    def _begin(self, card: str, now_ms: int, seen: str) -> None:
        """Ask for the PIN of a card, unless it is nobody's here, or locked."""
        known = self._knowledge.operator_card(card)
        if known is None:
            self._board.tell(said("operator.unknown", card=clean(card, 64)), "error", read=seen)
            return
        if left := self._left_ms(known.card):
            self._tell_locked(known, left, seen)
            self._entry = _Entry(known.card, now_ms)
            return
        self._ask(_Entry(known.card, now_ms), seen)

    def _still_locked(self, entry: _Entry, raw: str, read: Read, *, seen: str) -> bool:
        """Say of a PIN that its card is locked: looked up as a product, it would be shown."""
        known = self._knowledge.operator_card(entry.card)
        is_of_pin = isinstance(read, CommandRead) and read.command in {"DIGIT", "ENTER"}
        if known is None or not (is_of_pin or is_pin(raw.strip())):
            return False
        self._tell_locked(known, self._left_ms(known.card), seen)
        self._entry = entry
        return True

    def _ask(self, entry: _Entry, seen: str) -> None:
        self._entry = entry
        known = self._knowledge.operator_card(entry.card)
        name = clean(known.name, 200) if known else entry.card
        self._board.tell(said("operator.pin", name=name), read=seen)

    def _add(self, entry: _Entry, digit: int, seen: str) -> None:
        digits = f"{entry.digits}{digit}"
        if len(digits) > PIN_DIGITS[1]:
            self._entry = replace(entry, digits="")
            least, most = PIN_DIGITS
            self._board.tell(
                said("operator.pin_length", least=least, most=most), "error", read=seen
            )
            return
        self._entry = replace(entry, digits=digits)
        self._board.tell(said("operator.digits", stars="*" * len(digits)), read=seen)

    def _enter(self, entry: _Entry, pin: str, seen: str) -> None:
        """Try a PIN. It is counted before it is tried: switching off saves nobody a wrong one."""
        known = self._knowledge.operator_card(entry.card)
        if known is None:
            self._board.tell(said("operator.unknown", card=entry.card), "error", read=seen)
            return
        if not is_pin(pin):
            self._entry = replace(entry, digits="")
            least, most = PIN_DIGITS
            self._board.tell(
                said("operator.pin_length", least=least, most=most), "error", read=seen
            )
            return
        counted = tried_wrong(self._tries(known.card), self._knowledge.now(), self._boot())
        self._keep(known.card, counted)
        if pin_fits(known.pin, pin):
            self._keep(known.card, None)
            self._signed_in = known.card
            self._board.operator = self.name
            self._board.tell(said("operator.signed_in", name=clean(known.name, 200)), read=seen)
            _log.info("an operator signed in", extra={"operator": known.card})
        elif counted.machine_boot:
            self._tell_locked(known, LOCKED_MS, seen)
            self._entry = replace(entry, digits="", since_ms=self._clock.mono_ms())
            self.on_locked(known)
        else:
            self._entry = replace(entry, digits="", since_ms=self._clock.mono_ms())
            left = WRONG_PINS - counted.wrong
            self._board.tell(said("operator.wrong", count=left), "error", read=seen)

    def _sign_out(self, seen: str) -> None:
        if not self.name:
            self._board.tell(said("operator.nobody"), "error", read=seen)
            return
        self._signed_in = self._board.operator = ""
        self._board.tell(said("operator.signed_out"), read=seen)

    def _tell_locked(self, card: OperatorCard, left: int, seen: str) -> None:
        minutes = -(-left // _MINUTE_MS)
        told = said(
            "operator.locked", name=clean(card.name, 200), count=WRONG_PINS, minutes=minutes
        )
        self._board.tell(told, "error", read=seen)

    def _left_ms(self, card: str) -> int:
        """Tell for how long a card is locked; when that is over, its wrong PINs are forgotten."""
        tries = self._tries(card)
        left = left_ms(tries, self._knowledge.now(), self._boot())
        if tries.machine_boot and not left:
            self._keep(card, None)
        return left

    def _boot(self) -> str:
        return self._clock.machine_boot()

    def _tries(self, card: str) -> Tries:
        return self._store.card_tries().get(card, Tries())

    def _keep(self, card: str, tries: Tries | None) -> None:
        kept = {one: known for one, known in self._store.card_tries().items() if one != card}
        self._store.keep_card_tries(kept if tries is None else {**kept, card: tries})


def _is_digit(raw: str) -> bool:
    """Tell whether a code is one of the sheet's digits."""
    code = raw.strip().upper()
    return len(code) == len("OW-1") and code.startswith("OW-") and code[-1].isdigit()
