"""What the commands of all nouns share: the folder, the broker, an example, and how they fail."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, Protocol

from hub.base.fields import LONGEST_REASON, Refused
from hub.base.fields.words import refusal_lines
from hub.base.ground import Ground

_EXAMPLE: Final = "example: "
_SELLER: Final = "seller"
_REASONS: Final = frozenset({"--reason", "--why", "--note"})


class AddCommand(Protocol):
    """Describes one command, or several, to the hub's parser."""

    def __call__(self, commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
        """Add them."""


class CommandError(Exception):
    """A command cannot do what it was asked; the text says why."""


class NotDoneError(CommandError):
    """An act refused what a command asked for; `refused` has the reasons.

    It is worded in the house's money by whoever opened the hub; `str` words it in rupees.
    """

    def __init__(self, refused: Refused) -> None:
        self.refused: Final = refused
        super().__init__("\n".join(refusal_lines(refused)))


class Opener(Protocol):
    """Opens the hub that the arguments of a command name."""

    def __call__(
        self, arguments: argparse.Namespace, *, creating: bool
    ) -> AbstractContextManager[Ground]:
        """Open one; raises CommandError where there is none and it is not to be made."""


def called() -> str:
    """Say what people type to start the hub, so that examples can be typed as they stand.

    That is `./orderwire hub`, or `orderwire-hub` where one of the installed programs was started.
    """
    installed = Path(sys.argv[0]).name.startswith("orderwire-")
    return "orderwire-hub" if installed else "./orderwire hub"


class CommandHelp(argparse.HelpFormatter):
    """Writes help as usual, and its example in one line: a copied piece of it is no command."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if text.startswith(_EXAMPLE):
            return f"{indent}{text}"
        return super()._fill_text(text, width, indent)


class CommandParser(argparse.ArgumentParser):
    """Reads a command; those below it are read by its like."""

    def __init__(self, **described: Any) -> None:  # noqa: ANN401  # as argparse has them
        super().__init__(**{"formatter_class": CommandHelp, **described})
        self.sells_alone: Callable[[], bool] = lambda: False

    def format_help(self) -> str:
        """Write the help, without a word of sellers where the company sells alone."""
        self._leave_sellers_out()
        return super().format_help()

    def format_usage(self) -> str:
        """Write the usage, without a word of sellers where the company sells alone."""
        self._leave_sellers_out()
        return super().format_usage()

    def ask_of_sellers(self, sells_alone: Callable[[], bool]) -> None:
        """Have this command and those below it ask, before they tell of themselves.

        `sells_alone` is asked only then: a command that runs opens no database for it.
        """
        for command in self.each_command():
            command.sells_alone = sells_alone

    def each_command(self) -> "Iterator[CommandParser]":
        """Give this command and every command below it."""
        yield self
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 -- no public name
                for below in action.choices.values():
                    yield from below.each_command()

    def _leave_sellers_out(self) -> None:
        if not self.sells_alone():
            return
        for action in self._actions:
            if action.dest == _SELLER:
                action.help = argparse.SUPPRESS
            elif action.choices and _SELLER in action.choices:
                action.metavar = f"{{{','.join(one for one in action.choices if one != _SELLER)}}}"
        self.description = self.description and self.description.replace(f", {_SELLER}", "")

    def add_argument(self, *names: str, **described: Any) -> argparse.Action:  # noqa: ANN401
        """Take an argument as usual; one that says why has no more letters than are kept of it.

        These are `--reason`, `--why` and `--note`.
        """
        if _REASONS.intersection(names) and not {"type", "choices"} & described.keys():
            described["type"] = read_reason
        return super().add_argument(*names, **described)


def read_reason(text: str) -> str:
    """Read why something is done: 500 letters at most."""
    if len(text) > LONGEST_REASON:
        told = f"{len(text)} letters, {LONGEST_REASON} at most"
        raise argparse.ArgumentTypeError(told)
    return text


def example(words: str) -> str:
    """Write the example that ends a command's help: `example("orders --json")`."""
    return f"{_EXAMPLE}{called()} {words}"


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Let a command be told where the hub's files are."""
    parser.add_argument("--data", metavar="DIR", help="the hub's folder (see `config`)")


def add_broker(parser: argparse.ArgumentParser) -> None:
    """Let a command be told where the broker is."""
    parser.add_argument("--broker-host", metavar="HOST", help="the broker that terminals use")
    parser.add_argument("--broker-port", metavar="PORT", help="its port (1883)")


def opened(
    arguments: argparse.Namespace, *, creating: bool = False
) -> AbstractContextManager[Ground]:
    """Open the hub for one command; raises CommandError where there is none to look after.

    Only `creating` may make a new one: an audit of a mistyped folder must not find all in order.
    """
    opener: Opener = arguments.opener
    return opener(arguments, creating=creating)


def group(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> "argparse._SubParsersAction[argparse.ArgumentParser]":
    """Give the commands below one word, such as `order`, to which several nouns may add."""
    found = commands.choices.get(name) if commands.choices else None
    if found is not None:
        inner: argparse._SubParsersAction[argparse.ArgumentParser] = found.get_default("inner")
        return inner
    parser = commands.add_parser(name, help=text, epilog=example(f"{name} --help"))
    inner = parser.add_subparsers(required=True, metavar="COMMAND")
    parser.set_defaults(inner=inner)
    return inner


def write_file(file: Path, pieces: Iterable[bytes]) -> None:
    """Write a file whole, or leave what was there before; raises CommandError.

    What is no file of a disk, as `/dev/stdout`, is written as it comes.
    """
    is_stream = file.exists() and not file.is_file()
    part = file if is_stream else file.with_name(f"{file.name}.part")
    try:
        try:
            with part.open("wb") as written:
                written.writelines(pieces)
            if not is_stream:
                part.replace(file)
        finally:
            if not is_stream:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}") from error
