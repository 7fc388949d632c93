"""What time it is: the hub's, carried on by the monotonic clock; else the device's, untrusted."""

_DAY_S = 86_400
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class HubClock:
    """The hub's time; no clock is before `floor_ms`, the latest known of an earlier start."""

    def __init__(self, floor_ms: int = 0) -> None:
        self._floor_ms = floor_ms
        self._offset_ms = -1

    @property
    def is_trusted(self) -> bool:
        """Tell whether the hub was heard since the start."""
        return self._offset_ms >= 0

    def learn(self, hub_at_ms: int, mono_ms: int) -> None:
        """Take a message's time in: it can be late, never early: the largest offset counts."""
        self._offset_ms = max(self._offset_ms, hub_at_ms - mono_ms)

    def now_ms(self, mono_ms: int) -> int:
        """Tell Unix milliseconds; without the hub, the last known ones and what ran since."""
        if self.is_trusted:
            return mono_ms + self._offset_ms
        return self._floor_ms + mono_ms


def told_time(at_ms: int, utc_offset_min: int) -> str:
    """Write a moment, as `21 Sep 2026 19:43`, in the zone that is so many minutes from UTC."""
    seconds = at_ms // 1000 + utc_offset_min * 60
    year, month, day = civil(seconds // _DAY_S)
    rest = seconds % _DAY_S
    return "%02d %s %d %02d:%02d" % (day, MONTHS[month - 1], year, rest // 3600, rest // 60 % 60)


def civil(days: int) -> "tuple[int, int, int]":
    """Give year, month and day of days since 1970; boards count from 2000, so it is done here."""
    shifted = days + 719_468
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    years = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * years + years // 4 - years // 100)
    part = (5 * of_year + 2) // 153
    month = part + 3 if part < 10 else part - 9
    return years + era * 400 + (1 if month <= 2 else 0), month, of_year - (153 * part + 2) // 5 + 1
