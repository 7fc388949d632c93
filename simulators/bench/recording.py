"""What hands did at a bench, written as a scenario that `sim run` plays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

_MOST: Final = 400
_SUBMIT: Final = "OW-SUBMIT"


@dataclass(frozen=True, slots=True)
class Act:
    """A code that was scanned, or a fault that was begun or ended."""

    kind: Literal["scan", "fault", "end"]
    what: str


class Recording:
    """Keeps what is done while it is on; the oldest acts stay where there are too many."""

    def __init__(self, terminal: str) -> None:
        self._terminal = terminal
        self._acts: list[Act] = []
        self.is_on = False

    def start(self) -> None:
        """Begin anew."""
        self._acts.clear()
        self.is_on = True

    def stop(self) -> None:
        """End the recording; what was kept can still be had."""
        self.is_on = False

    def note(self, act: Act) -> None:
        """Keep an act of the hands, while the recording is on."""
        if self.is_on and len(self._acts) < _MOST:
            self._acts.append(act)

    def write(self, name: str) -> str:
        """Write the scenario; what was left broken is put right at its end."""
        return write_scenario(name, self._terminal, self._acts)


def write_scenario(name: str, terminal: str, acts: Sequence[Act]) -> str:
    """Write acts as a scenario: codes up to a SUBMIT are one step, faults end where they did."""
    lines = [f'name: "{_quoted(name)}"', 'purpose: "Recorded at the bench."', "steps:"]
    codes: list[str] = []
    going: list[str] = []

    def flush() -> None:
        if codes:
            said = ", ".join(f'"{_quoted(code)}"' for code in codes)
            lines.append(f"  - scan: {{at: {terminal}, codes: [{said}]}}")
            codes.clear()

    for act in acts:
        if act.kind == "scan":
            codes.append(act.what)
            if act.what == _SUBMIT:
                flush()
            continue
        flush()
        if act.kind == "fault" and act.what not in going:
            going.append(act.what)
            lines.append(f"  - fault: {{kind: {act.what}}}")
        elif act.kind == "end" and act.what in going:
            going.remove(act.what)
            lines.append(f"  - end: {act.what}")
    flush()
    lines += [f"  - end: {kind}" for kind in going]
    lines.append(f"  - wait: {{at: {terminal}, until: printed}}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Make a text fit between quotes of YAML, on one line."""
    shown = "".join(sign for sign in text if sign.isprintable())
    return shown.replace("\\", "\\\\").replace('"', '\\"')
