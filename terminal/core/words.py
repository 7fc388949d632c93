"""What the terminal says: messages of its catalogue with their values, put into one language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Final

from broker.contract.messages import Coded, Reason
from rules import COUNTER_LANGUAGES, Catalogue, UnwordedError, Worded, sentence
from terminal.core.text import Currency, SlipWriter, clean

DEFAULT_LANGUAGE: Final = COUNTER_LANGUAGES[0]
_FROM_THE_RIGHT: Final = frozenset({"ar"})
_KINDS: Final[Mapping[tuple[str, str], str]] = {
    **{("", name): "money" for name in ("amount", "balance", "payable", "least")},
    **{("", name): "day" for name in ("day", "first")},
    ("delivery_far", "last"): "day",
    **{("total_changed", name): "money" for name in ("now", "then")},
    **{("payment_now", name): "payment" for name in ("now", "then")},
}
"""How values in reasons of the hub are written, by the reason's code, or whichever it is."""
CATALOGUE: Final = Catalogue(Path(__file__).parent.parent / "locale", "terminal")


@dataclass(frozen=True, slots=True)
class Said:
    """A message by its id in the catalogue, with values that may be messages themselves."""

    name: str
    values: Mapping[str, "str | int | Said"] = field(default_factory=dict)


def kind_of(code: str, value: str) -> str | None:
    """Give how a value in a reason of the hub is written; None for one that stays as it came."""
    return _KINDS.get((code, value)) or _KINDS.get(("", value))


def said(name: str, /, **values: str | int | Said) -> Said:
    """Say a message: `said("order.coupon", code="DIWALI")`."""
    return Said(name, values)


def said_all(some: Sequence[Said]) -> Said:
    """Say messages one after the other, parted by commas; there is at least one."""
    first, *rest = some
    return said("said.list", first=first, rest=said_all(rest)) if rest else first


@dataclass(frozen=True, slots=True)
class Voice:
    """One language for slips, screen and page; `names` are what it calls rules, by their ids."""

    language: str = DEFAULT_LANGUAGE
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_rtl(self) -> bool:
        """Tell whether the language is written from right to left."""
        return self.language in _FROM_THE_RIGHT

    def text(self, name: str, /, **values: str | int | Said) -> str:
        """Write a message of the catalogue; one that it lacks in this language, in English."""
        text = CATALOGUE.find(self.language, name) or CATALOGUE.find(DEFAULT_LANGUAGE, name)
        if text is None:
            return name
        written = {
            key: self.word(value) if isinstance(value, Said) else value
            for key, value in values.items()
        }
        return text.format_map(written)

    def word(self, one: Said) -> str:
        """Write a message with its values."""
        return self.text(one.name, **one.values)

    def known(self, name: str, otherwise: str, /, **values: str | int) -> str:
        """Write a message whose id a code made, or something else where the catalogue lacks it."""
        missing = CATALOGUE.find(DEFAULT_LANGUAGE, name) is None
        return otherwise if missing else self.text(name, **values)

    def reason(self, one: Worded, currency: Currency) -> str:
        """Write a reason or near miss of the rules."""
        writer = VoiceWriter(currency.scale, currency.name, self)
        return sentence(one, language=self.language, writer=writer, names=self.names)

    def told(self, one: Reason, currency: Currency | None) -> str:
        """Write a reason of the hub: in this language where its code is known, else as it came.

        Without a currency no amount can be written, and a reason with any stays as it came.
        """
        return self._coded(one, one.text, currency)

    def told_all(
        self, texts: Iterable[str], codes: Iterable[Coded], currency: Currency
    ) -> list[str]:
        """Write texts of the hub by the codes beside them; those without one stay as they came."""
        return [
            text if code is None else self._coded(code, text, currency)
            for text, code in zip_longest(texts, codes)
            if text is not None
        ]

    def moment(self, at: datetime) -> str:
        """Write a local moment, as `21 Sep 2026 19:43`."""
        return f"{self._day(at)} {at:%H:%M}"

    def day(self, written: str) -> str:
        """Write a day that came as `2026-09-21` as `21 Sep 2026`; what is no day, as it came."""
        try:
            return self._day(date.fromisoformat(written))
        except ValueError:
            return clean(written)

    def _day(self, at: date) -> str:
        month = self.text(f"month.{at.month}")
        return f"{at.day:02d} {month} {at.year}"

    def _coded(self, one: Reason | Coded, text: str, currency: Currency | None) -> str:
        if currency is None:
            writer: VoiceWriter = _AmountlessWriter(0, voice=self)
        else:
            writer = VoiceWriter(currency.scale, currency.name, self)
        try:
            if CATALOGUE.find(self.language, f"told.{one.code}") is not None:
                return self._of_the_hub(one, writer)
            return sentence(one, language=self.language, writer=writer, names=self.names)
        except UnwordedError:
            return text

    def _of_the_hub(self, one: Reason | Coded, writer: "VoiceWriter") -> str:
        """Write what only the hub says of orders; raises UnwordedError where values do not fit."""
        try:
            values = {
                key: self._value(value, kind_of(one.code, key), writer)
                for key, value in one.params.items()
            }
            written = self.text(f"told.{one.code}", **values)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UnwordedError(one.code, repr(error)) from error
        return written.removesuffix(": -").removesuffix(": ")  # nobody said why

    def _value(self, value: object, kind: str | None, writer: "VoiceWriter") -> str:
        match kind, value:
            case "money", int():
                return writer.money(value)
            case "day", str():
                return self.day(value)
            case "payment", str():
                return self.text(f"payment.{value}")
            case _, list():
                return ", ".join(map(str, value))
            case None, str() | int():
                return str(value)
        raise TypeError(f"{value!r} is no {kind}")


def who_decides(roles: Sequence[str], voice: Voice) -> Said:
    """Say whose decision a held order waits for, by the roles that the hub named, if any."""
    if not roles:
        return said("now.distributor_decides")
    names = [
        # A duty that a rule pack made up has no words here: area_manager is read as two.
        voice.known(f"role.{role}", clean(role.replace("_", " "), 32))
        for role in dict.fromkeys(roles)
    ]
    return said("now.decides", who=voice.text("now.or").join(names))


@dataclass(frozen=True, slots=True)
class VoiceWriter(SlipWriter):
    """Writes what reasons are about in a language: days as slips have them everywhere."""

    voice: Voice = field(default_factory=Voice)

    def day(self, day: str) -> str:
        """Write a day as the heading of a slip has it."""
        return self.voice.day(day)

    def percent(self, rate: int) -> str:
        """Write a rate; read from the right, a sign apart would stand before its number."""
        written = SlipWriter.percent(self, rate)
        return written.replace(" ", "") if self.voice.is_rtl else written


class _AmountlessWriter(VoiceWriter):
    """Writes no amounts."""

    def money(self, amount: int) -> str:
        raise ValueError(f"the currency of {amount} is not known")
