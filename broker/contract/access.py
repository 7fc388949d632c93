"""Who may write and read which topic: the one rule that every broker is given."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal, get_args

from broker.contract.topics import SHARDS, UpKind, any_down, up

HUB_USER: Final = "hub"
HUB_NAMES: Final = r"hub(-[1-9][0-9]?)?"
"""What a hub's processes are called: each that takes orders has a session of its own."""
_HUB: Final = re.compile(HUB_NAMES)

Access = Literal["read", "write"]

HUB_ACCESS: Final = "ow/#"
_OF_THE_HUB: Final = "ow/v1/hub/#"
_KINDS: Final[tuple[UpKind, ...]] = get_args(UpKind)


def terminal_access(terminal: str) -> tuple[tuple[Access, str], ...]:
    """Name what a terminal may write and read: one topic a kind, in its own shard.

    So a broker keeps at most one message of each kind for it, whatever it calls retained.
    """
    return (
        *(("write", up(terminal, kind)) for kind in _KINDS),
        ("read", any_down(terminal)),
        ("read", _OF_THE_HUB),
    )


def is_hub(user: str) -> bool:
    """Tell whether a user is a process of the hub: `hub`, or `hub-1` to `hub-99`."""
    return _HUB.fullmatch(user) is not None


def may(user: str, access: Access, topic: str) -> bool:
    """Tell whether `user` may read or write `topic`, which may itself be a filter.

    A filter is allowed only if all it can match is allowed.
    """
    if is_hub(user):
        return covers(HUB_ACCESS, topic)
    return any(
        access == granted and covers(pattern, topic) for granted, pattern in terminal_access(user)
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


def mosquitto_acl(users: Iterable[str]) -> str:
    """Write the rule as a Mosquitto ACL file: who is not named in it may do nothing."""
    names = {HUB_USER, *users}
    lines = ["# Written by orderwire: the hub reads and writes everything,"]
    for user in sorted(filter(is_hub, names)):
        lines += [f"user {user}", f"topic readwrite {HUB_ACCESS}", ""]
    lines += ["# every other user is a terminal and has its own topics only."]
    for user in sorted(user for user in names if not is_hub(user)):
        lines.append(f"user {user}")
        lines += [f"topic {access} {topic}" for access, topic in terminal_access(user)]
    return "\n".join(lines) + "\n"


def emqx_acl() -> str:
    """Write the rule as an EMQX 5 ACL file.

    EMQX cannot tell a terminal's shard from its name: it lets each write in all of them, and the
    hub refuses the others.
    """
    own = "${username}"
    writes = [f"ow/v1/{shard}/t/{own}/up/{kind}" for shard in range(SHARDS) for kind in _KINDS]
    reads = [f"ow/v1/+/t/{own}/down/#", _OF_THE_HUB]
    lines = ["%% Written by orderwire: the hub reads and writes everything,"]
    lines += [f'{{allow, {{username, {{re, "^{HUB_NAMES}$"}}}}, all, ["{HUB_ACCESS}"]}}.']
    lines += ["%% every other user is a terminal and has its own topics only."]
    lines += [f"{{allow, all, publish, [{_quoted(writes)}]}}."]
    lines += [f"{{allow, all, subscribe, [{_quoted(reads)}]}}."]
    return "\n".join([*lines, "{deny, all}."]) + "\n"


def _quoted(topics: Sequence[str]) -> str:
    return ", ".join(f'"{topic}"' for topic in topics)
