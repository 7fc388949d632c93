"""Who may write and read which topic: the one rule that every broker is given."""

from collections.abc import Sequence
from typing import Final, Literal

HUB_USER: Final = "hub"

Access = Literal["read", "write"]

# `%u` stands for the user, which is the terminal's id; Mosquitto and EMQX know it by that name.
TERMINAL_ACCESS: Final[tuple[tuple[Access, str], ...]] = (
    ("write", "ow/v1/+/t/%u/up/#"),
    ("read", "ow/v1/+/t/%u/down/#"),
    ("read", "ow/v1/hub/#"),
)
HUB_ACCESS: Final = "ow/#"


def may(user: str, access: Access, topic: str) -> bool:
    """Tell whether `user` may read or write `topic`, which may itself be a filter.

    A filter is allowed only if all it can match is allowed.
    """
    if user == HUB_USER:
        return covers(HUB_ACCESS, topic)
    return any(
        access == granted and covers(pattern.replace("%u", user), topic)
        for granted, pattern in TERMINAL_ACCESS
    )


def covers(wide: str, narrow: str) -> bool:
    """Tell whether every topic that the filter or topic `narrow` matches is matched by `wide`."""
    return _covers(wide.split("/"), narrow.split("/"))


def _covers(wide: Sequence[str], narrow: Sequence[str]) -> bool:
    for index, level in enumerate(wide):
        if level == "#":
            return True
        if index >= len(narrow):
            return False
        other = narrow[index]
        if other == "#" or (level == "+" and other == "#"):
            return False
        if level not in ("+", other):
            return False
    return len(wide) == len(narrow)


def mosquitto_acl() -> str:
    """Write the rule as a Mosquitto ACL file."""
    lines = ["# Written by orderwire: the hub reads and writes everything,", f"user {HUB_USER}"]
    lines += [f"topic readwrite {HUB_ACCESS}", ""]
    lines += ["# every other user is a terminal and has its own topics only."]
    lines += [f"pattern {access} {pattern}" for access, pattern in TERMINAL_ACCESS]
    return "\n".join(lines) + "\n"


def emqx_acl() -> str:
    """Write the rule as an EMQX 5 ACL file."""
    verbs = {"read": "subscribe", "write": "publish"}
    lines = ["%% Written by orderwire: the hub reads and writes everything,"]
    lines += [f'{{allow, {{username, "{HUB_USER}"}}, all, ["{HUB_ACCESS}"]}}.']
    lines += ["%% every other user is a terminal and has its own topics only."]
    lines += [
        f'{{allow, all, {verbs[access]}, ["{pattern.replace("%u", "${username}")}"]}}.'
        for access, pattern in TERMINAL_ACCESS
    ]
    return "\n".join([*lines, "{deny, all}."]) + "\n"
