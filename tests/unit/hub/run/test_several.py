"""A command of `several` that fails inside is answered as any other, and the others are run."""

from collections.abc import Sequence

from hub.run.operating.several_command import run_apart


def _fail(words: Sequence[str]) -> int:
    print("begun", *words)
    raise ZeroDivisionError("by nothing")


def test_a_command_that_fails_inside_says_so_and_ends_nothing_else() -> None:
    ran = run_apart(_fail, ["audit"], "")

    assert (ran.status, ran.printed) == (1, "begun audit\n")
    assert ran.complained.endswith("ZeroDivisionError: by nothing\n")
