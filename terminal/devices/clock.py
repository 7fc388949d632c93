"""The machine's clocks."""

import time
from pathlib import Path
from typing import Final

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SystemClock:
    """The real clocks; the monotonic one goes on while the machine sleeps, where it can."""

    def __init__(self) -> None:
        try:
            self._boot = _BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:
            # No name for this run: then nothing learnt before a restart is believed after it.
            self._boot = f"unnamed-{time.time_ns()}"

    def wall_ms(self) -> int:
        """Give Unix milliseconds as the device believes them."""
        return time.time_ns() // 1_000_000

    def mono_ms(self) -> int:
        """Give milliseconds that only ever rise."""
        return time.clock_gettime_ns(_CLOCK) // 1_000_000

    def machine_boot(self) -> str:
        """Name the machine's present run."""
        return self._boot
