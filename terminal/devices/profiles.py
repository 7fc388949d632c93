"""What each kind of printer can do; ours, because a library's table and a clone rarely agree."""

from dataclasses import dataclass, replace
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of printer.

    `code_page` is Python's name of the pinned page, `code_table` its number in `ESC t`. `status`:
    `process_id` answers GS ( H by name behind the print data, `ordered` GS r, `realtime` only
    DLE EOT, `none` nothing at all. `buffer_bytes` is how much it takes before it prints.
    """

    name: str
    dots: int
    columns: int
    code_page: str = "cp858"
    code_table: int = 19
    cutter: bool = True
    native_qr: bool = True
    status: Literal["process_id", "ordered", "realtime", "none"] = "ordered"
    buffer_bytes: int = 4096


PROFILES: Final = {
    profile.name: profile
    for profile in (
        Profile("80mm", dots=576, columns=48),
        Profile("58mm", dots=384, columns=32),
        Profile("80mm-42", dots=512, columns=42),
        Profile("20-columns", dots=240, columns=20),
        Profile("80mm-process-id", dots=576, columns=48, status="process_id"),
        Profile("58mm-process-id", dots=384, columns=32, status="process_id"),
        Profile("80mm-realtime", dots=576, columns=48, status="realtime"),
        Profile(
            "58mm-basic", dots=384, columns=32, cutter=False, native_qr=False, status="none",
            code_page="cp437", code_table=0, buffer_bytes=1024,
        ),
    )
}  # fmt: skip

_DOTS: Final = {20: 240, 32: 384, 42: 512, 48: 576}
"""How many dots a line has, by its columns: letters are 12 dots wide."""


def measured(name: str, columns: int | None) -> str:
    """Name the profile of a printer whose columns somebody measured: `80mm@42`."""
    if columns is None or PROFILES[name].columns == columns:
        return name
    return f"{name}@{columns}"


def profile_of(name: str) -> Profile:
    """Find a profile by its name, also one that was measured; raises ValueError."""
    base, _, columns = name.partition("@")
    if base not in PROFILES:
        names = ", ".join(sorted(PROFILES))
        raise ValueError(f"no printer profile {base!r}; there are {names}")
    profile = PROFILES[base]
    if not columns:
        return profile
    return replace(profile, name=name, columns=int(columns), dots=_DOTS[int(columns)])
