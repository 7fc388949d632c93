"""A reason in words: its code's sentence in a language, its values as a surface writes them."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Protocol

from rules.language.vocabulary import LANGUAGES
from rules.values import engine_codes, engine_phrases
from rules.values.reasons import PHRASES, REGISTRY, WORDS, Kind
from rules.words.catalogues import message
from rules.words.writing import DecimalWriter

REGISTERED: Final = (engine_codes, engine_phrases)
"""What has to be imported before anything can be worded."""


NO_NAMES: Final[Mapping[str, str]] = {}
"""Where no pack is at hand, rules are called by their ids."""


class UnwordedError(LookupError):
    """A reason has no sentence here: an unknown code, or parameters that do not fit it."""

    def __init__(self, code: str, why: str) -> None:
        self.code = code
        super().__init__(f"{code}: {why}")


class Writer(Protocol):
    """How a surface writes amounts, prices, shares, counts and days: a page, a slip, a command."""

    def money(self, amount: int) -> str:
        """Write an amount of the minor unit."""

    def unit_price(self, price: int) -> str:
        """Write a price of 1/10,000 of the major unit."""

    def percent(self, rate: int) -> str:
        """Write millionths with the sign for percent."""

    def count(self, count: int) -> str:
        """Write a count."""

    def day(self, day: str) -> str:
        """Write an ISO date."""


class Worded(Protocol):
    """What has a sentence: a reason, a near miss, a reason of the wire."""

    @property
    def code(self) -> str:
        """The code."""

    @property
    def params(self) -> Mapping[str, Any]:
        """The raw parameters by their names."""


def sentence(
    reason: Worded,
    *,
    language: str = "en",
    scale: int | None = None,
    currency: str = "",
    writer: Writer | None = None,
    names: Mapping[str, str] = NO_NAMES,
) -> str:
    """Write a reason in a language, with amounts of `scale` decimals or as the `writer` has them.

    A currency stands before amounts where it is given and there is no writer. `names` are the
    texts of rules by their ids, as `CompiledPack.names` gives them.

    Raises:
        UnwordedError: the code is not registered, its parameters do not fit, or a catalogue lacks
            a message.
        ValueError: there is neither a scale nor a writer.
    """
    code = REGISTRY.get(reason.code)
    if code is None:
        raise UnwordedError(reason.code, "is not registered")
    words = Words.of(language, scale=scale, currency=currency, writer=writer, names=names)
    return words.fill(code.name, code.params, reason.params)


class Words(NamedTuple):
    """A language, the writer of a surface, and the texts of rules by their ids."""

    language: str
    writer: Writer
    names: Mapping[str, str] = NO_NAMES

    @classmethod
    def of(
        cls,
        language: str,
        *,
        scale: int | None = None,
        currency: str = "",
        writer: Writer | None = None,
        names: Mapping[str, str] = NO_NAMES,
    ) -> "Words":
        """Take a writer as it is, or write decimals.

        Raises:
            ValueError: there is neither a scale nor a writer.
        """
        if writer is None:
            if scale is None:
                raise ValueError("a sentence needs a scale or a writer")
            writer = DecimalWriter(scale, currency)
        return cls(language, writer, names)

    def sentence(self, reason: Worded) -> str:
        """Write a reason, as the function of this name does."""
        return sentence(reason, language=self.language, writer=self.writer, names=self.names)

    def phrase(self, name: str, /, **params: Any) -> str:  # noqa: ANN401 (raw values of any kind)
        """Write a phrase by itself: a title, a word beside a table.

        Raises:
            UnwordedError: as of sentences.
        """
        return self._phrase([name, params])

    def fill(self, name: str, kinds: Mapping[str, Kind], params: Mapping[str, Any]) -> str:
        """Put the written parameters into the message of an id.

        Raises:
            UnwordedError: as of sentences.
        """
        if kinds.keys() != params.keys():
            raise UnwordedError(name, f"has {sorted(params)}, not {sorted(kinds)}")
        text = self._message(name)
        try:
            return text.format_map({key: self._written(kinds[key], params[key]) for key in kinds})
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            raise UnwordedError(name, repr(error)) from error

    def _message(self, name: str) -> str:
        text = message(self.language, name)
        if text is None:
            raise UnwordedError(name, f"has no message in '{self.language}'")
        return text

    def _written(self, kind: Kind, value: Any) -> str:  # noqa: ANN401
        if kind in WORDS:
            return self._word(kind, value)
        write = _WRITERS.get(kind)
        return self._number(kind, value) if write is None else write(self, value)

    def _number(self, kind: Kind, value: int) -> str:
        if type(value) is not int:
            raise TypeError(f"{value!r} is no {kind}")
        written: str = getattr(self.writer, kind)(value)
        return written

    def _text(self, value: str) -> str:
        if type(value) is not str:
            raise TypeError(f"{value!r} is no text")
        return value

    def _texts(self, value: str | list[list[str]]) -> str:
        """Choose a text by language; English stands in."""
        if isinstance(value, str):
            return value
        texts = dict(value)
        return self._text(texts.get(self.language, texts.get(LANGUAGES[0], value[0][1])))

    def _rule(self, value: str) -> str:
        return self.names.get(self._text(value), value)

    def _rules(self, value: list[str]) -> str:
        return self._joined([self._rule(one) for one in value], "list.comma")

    def _day(self, value: str) -> str:
        return self.writer.day(self._text(value))

    def _word(self, kind: Kind, value: str) -> str:
        """Write a word; a period that is the scheme's own goes without saying."""
        if value not in WORDS[kind]:
            raise ValueError(f"{value!r} is no {kind}")
        return "" if (kind, value) == ("period", "scheme") else self._message(f"{kind}.{value}")

    def _phrase(self, value: list[Any]) -> str:
        name, params = value
        phrase = PHRASES.get(name)
        if phrase is None:
            raise UnwordedError(name, "is not registered")
        return self.fill(name, phrase.params, params)

    def _joined(self, parts: list[str], joiner: str) -> str:
        return self._message(joiner).join(parts)

    def _codes(self, value: list[str]) -> str:
        return self._joined([self._text(one) for one in value], "list.comma")

    def _either(self, value: list[str]) -> str:
        return self._joined([self._text(one) for one in value], "list.or")

    def _sets(self, value: list[list[str]]) -> str:
        return self._joined([self._either(one) for one in value], "list.and")

    def _steps(self, value: list[list[str]]) -> str:
        return self._joined([self._either(one) for one in value], "list.then")

    def _phrases(self, value: list[Any]) -> str:
        return self._joined([self._phrase(one) for one in value], "list.and")

    def _listed(self, value: list[Any]) -> str:
        return self._joined([self._phrase(one) for one in value], "list.comma")

    def _clauses(self, value: list[Any]) -> str:
        return self._joined([self._phrase(one) for one in value], "list.clause")

    def _options(self, value: list[Any]) -> str:
        return self._joined([self._phrase(one) for one in value], "list.or")

    def _details(self, value: list[Any]) -> str:
        return self._message("list.details") + self._clauses(value) if value else ""


_WRITERS: Final[Mapping[str, Callable[[Words, Any], str]]] = {
    "name": Words._text,  # noqa: SLF001 (its own)
    "texts": Words._texts,  # noqa: SLF001
    "code": Words._text,  # noqa: SLF001
    "rule": Words._rule,  # noqa: SLF001
    "rules": Words._rules,  # noqa: SLF001
    "day": Words._day,  # noqa: SLF001
    "codes": Words._codes,  # noqa: SLF001
    "either": Words._either,  # noqa: SLF001
    "sets": Words._sets,  # noqa: SLF001
    "steps": Words._steps,  # noqa: SLF001
    "phrase": Words._phrase,  # noqa: SLF001
    "phrases": Words._phrases,  # noqa: SLF001
    "listed": Words._listed,  # noqa: SLF001
    "clauses": Words._clauses,  # noqa: SLF001
    "options": Words._options,  # noqa: SLF001
    "details": Words._details,  # noqa: SLF001
}
