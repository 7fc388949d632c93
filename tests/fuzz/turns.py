"""Tries many cases of one seed; whatever is raised is what is looked for."""

import random
from collections.abc import Callable

Attempt = Callable[[random.Random, int], list[str]]
"""Tries one case, the so-manieth, and says what was wrong."""


def try_turns(seed: int, turns: int, attempt: Attempt) -> list[str]:
    """Give what went wrong, each with its seed and turn."""
    chance = random.Random(seed)
    wrong = []
    for turn in range(turns):
        try:
            found = attempt(chance, turn)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is what is looked for)
            found = ["; ".join([repr(error), *getattr(error, "__notes__", ())])]
        wrong += [f"seed {seed}, turn {turn}: {one[:900]}" for one in found]
    return wrong
