"""What each kind of printer can do; ours, because a library's table and a clone rarely agree."""

from dataclasses import dataclass
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
        Profile("80mm-process-id", dots=576, columns=48, status="process_id"),
        Profile("58mm-process-id", dots=384, columns=32, status="process_id"),
        Profile("80mm-realtime", dots=576, columns=48, status="realtime"),
        Profile(
            "58mm-basic", dots=384, columns=32, cutter=False, native_qr=False, status="none",
            code_page="cp437", code_table=0, buffer_bytes=1024,
        ),
    )
}  # fmt: skip
