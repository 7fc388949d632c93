"""A terminal's clock that can be set wrong."""

from terminal.devices.clock import SystemClock


class WrongClock(SystemClock):
    """The machine's clocks; the one on the wall is `off_ms` away from the truth."""

    off_ms: int = 0

    def wall_ms(self) -> int:
        """Give Unix milliseconds as the device believes them."""
        return super().wall_ms() + self.off_ms
