"""Looks into a terminal for the hub, beside the running one, and writes one compressed text.

No password leaves the machine: a setting that is secret says only whether it is set.
"""

import json
import os
import re
import sys
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import msgspec

from broker.contract.messages import MAX_DIAGNOSIS_BYTES
from terminal.app.commands.doctor import look_into
from terminal.app.diagnosis.desk import Asked
from terminal.app.diagnosis.log import log_lines
from terminal.app.settings import SECRETS, Settings

_KINDNESS: Final = 10
"""How much lower than the counter's the priority of this process is."""
_LONGEST_LINE: Final = 16_000
_IN_ADDRESS: Final = re.compile(r"//[^/@]*@")
"""Who somebody is, with the password, in the address of a printer."""


def packed(told: Mapping[str, object], lines: Sequence[str]) -> bytes:
    """Compress what is told with as many of the newest lines of the log as a diagnosis holds."""
    while True:
        text = json.dumps({**told, "log": list(lines)}, ensure_ascii=False)
        found = zlib.compress(text.encode(errors="replace"), 9)
        if len(found) <= MAX_DIAGNOSIS_BYTES or not lines:
            return found
        lines = lines[len(lines) // 2 + 1 :]


def shown_settings(settings: Mapping[str, Any], section: str = "") -> Iterator[tuple[str, str]]:
    """Name every setting with its value; of a secret one only whether it is set."""
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from shown_settings(value, f"{name}.")
        else:
            secret = name in SECRETS and value
            shown = "(set)" if secret else _IN_ADDRESS.sub("//(set)@", str(value))
            yield f"{section}{name}", shown


def main() -> None:
    """Look, and write what was found to standard output."""
    os.nice(_KINDNESS)
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
    settings = msgspec.convert(asked.settings, Settings, dec_hook=lambda kind, value: kind(value))
    printer = asked.standing.printer
    found = look_into(settings, None if printer == "none" else printer)
    told = {
        "facts": {
            **asked.standing.facts,
            "taken_at": time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()),
        },
        "findings": [asdict(one) for one in found],
        "settings": dict(shown_settings(asked.settings)),
    }
    lines = [line[:_LONGEST_LINE] for line in log_lines(Path(settings.data))]
    sys.stdout.buffer.write(packed(told, lines))


if __name__ == "__main__":
    main()
