"""Kinds of keys that a rule file may hold: what is said once for reader, schema and reference."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

MOST: Final = 10**18 - 1


class Key:
    """A key of a mapping: its `name`, what it means, and what it is called in a pack.

    One with a `packed` name is read and packed by its declaration alone: whoever adds it needs no
    line in a reader. What is `usual` is not packed. `text` is what editors and the reference say.
    """

    def __init__(self, name: str, text: str, *, packed: str = "") -> None:
        self.name = name
        self.text = text
        self.packed = packed


class Word(Key):
    """A word."""


class Letters(Key):
    """A word of so many capital letters."""

    def __init__(self, name: str, text: str, count: int) -> None:
        super().__init__(name, text)
        self.count = count


class Text(Key):
    """Words that people read: for all, or by language."""


class Flag(Key):
    """True or false."""


class Day(Key):
    """A date."""


class Span(Key):
    """A time such as 30m, 4h or 2d."""


class Sure(Key):
    """Something that is true, or left out."""


class Choice(Key):
    """One of several words."""

    def __init__(
        self, name: str, text: str, options: Sequence[str], *, packed: str = "", usual: str = ""
    ) -> None:
        super().__init__(name, text, packed=packed)
        self.options = tuple(options)
        self.usual = usual


class Words(Key):
    """A word or a list of words; of some options where there are any, else of names."""

    def __init__(
        self, name: str, text: str, options: Sequence[str] = (), *, may_be_none: bool = False
    ) -> None:
        super().__init__(name, text)
        self.options = tuple(options)
        self.may_be_none = may_be_none


class Number(Key):
    """A decimal, as an integer of so many decimals; of money as many as the pack has.

    `least` and `most` are such integers: 1,000,000 with four decimals is 100.
    """

    scale: int | None = None

    def __init__(
        self,
        name: str,
        text: str,
        *,
        least: int = 0,
        most: int = MOST,
        packed: str = "",
        usual: int | None = None,
    ) -> None:
        super().__init__(name, text, packed=packed)
        self.least = least
        self.most = most
        self.usual = usual


class Whole(Number):
    """A whole number."""

    scale = 0


class UnitPrice(Number):
    """A price of one unit."""

    scale = 4


class Percent(Number):
    """A percentage, as a rate in millionths."""

    scale = 4

    def __init__(
        self,
        name: str,
        text: str,
        *,
        least: int = 0,
        most: int = 1_000_000,
        packed: str = "",
        usual: int | None = None,
    ) -> None:
        super().__init__(name, text, least=least, most=most, packed=packed, usual=usual)


class Named(Key):
    """A mapping of names to values of one kind; the key of a value has no name of its own."""

    def __init__(self, name: str, text: str, value: Key) -> None:
        super().__init__(name, text)
        self.value = value


class Table(Key):
    """A mapping with keys of its own; a `packed` one of nothing but what is usual is left out."""

    def __init__(self, name: str, text: str, keys: "type[Keys]", *, packed: str = "") -> None:
        super().__init__(name, text, packed=packed)
        self.keys = keys


class Rows(Key):
    """A list of mappings."""

    def __init__(self, name: str, text: str, keys: "type[Keys]", *, least: int = 0) -> None:
        super().__init__(name, text)
        self.keys = keys
        self.least = least


class NumberOr(Key):
    """A number, or a mapping that says more, or one of a few words."""

    def __init__(
        self,
        name: str,
        text: str,
        number: Number,
        *,
        keys: "type[Keys] | None" = None,
        words: Sequence[str] = (),
    ) -> None:
        super().__init__(name, text)
        self.number = number
        self.keys = keys
        self.words = tuple(words)


class WordOr(Key):
    """A word, or a mapping that says more."""

    def __init__(self, name: str, text: str, keys: "type[Keys]") -> None:
        super().__init__(name, text)
        self.keys = keys


class Common(Key):
    """What many rules say alike: described once, under the name that they refer to it with."""

    def __init__(self, name: str, shared: str) -> None:
        super().__init__(name, "")
        self.shared = shared


class Condition(Key):
    """An expression that has to hold, which may ask for the facts of some stages."""

    def __init__(self, name: str, *stages: str) -> None:
        super().__init__(name, "an expression that has to hold")
        self.stages = stages


class Keys:
    """All keys of one mapping, which its docstring describes; a subclass has those of its base.

    `needs` have to be there; of `one_of` just one, of `any_of` at least one. A member of these may
    be several names, of which one or more stand for it. Where it must say `something`, any key will
    do; of keys that go `together` all are there or none.
    """

    declared: ClassVar[Mapping[str, Key]] = {}
    needs: ClassVar[Sequence[str]] = ()
    one_of: ClassVar[Sequence[str | tuple[str, ...]]] = ()
    any_of: ClassVar[Sequence[str]] = ()
    something: ClassVar[bool] = False
    together: ClassVar[Sequence[str]] = ()

    def __init_subclass__(cls) -> None:
        """Collect what is declared, in its order."""
        super().__init_subclass__()
        own = {key.name: key for key in vars(cls).values() if isinstance(key, Key)}
        cls.declared = {**cls.declared, **own}

    @classmethod
    def means(cls) -> str:
        """Say what the mapping is."""
        return " ".join((cls.__doc__ or "").split()).rstrip(".")
