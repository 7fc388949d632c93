"""What one terminal is told: a JSON file on its flash, written by `firmware/claim.py`."""

import json

from firmware.flash.records import read_whole, write_whole

FILE = "/settings"
_NEEDED = ("id", "password", "host")


class Settings:
    """Everything a terminal is told; raises ValueError naming what is missing or wrong.

    `host` and `port` are the broker's; `ca` is a file with its authority in DER, and turns TLS on.
    `key` is the distributor's, of Ed25519 in base64: only updates that it signed are scanned in.
    `software_key` is that of who makes updates: only those that it signed are taken from the hub.
    `columns` are 32 (58 mm) or 48 (80 mm). `printer_answers` is False for a printer that never says
    that it has printed. `scale` and `currency` are those of the price list.
    """

    def __init__(self, told: "dict[str, Any]") -> None:
        missing = [name for name in _NEEDED if not told.get(name)]
        if missing:
            raise ValueError("settings: %s is missing" % ", ".join(missing))
        self.id = str(told["id"])
        self.password = str(told["password"])
        self.host = str(told["host"])
        self.port = _count(told, "port", 1883)
        self.ca = str(told.get("ca", ""))
        self.key = str(told.get("key", ""))
        self.software_key = str(told.get("software_key", ""))
        self.ssid = str(told.get("ssid", ""))
        self.wifi_password = str(told.get("wifi_password", ""))
        self.columns = _count(told, "columns", 48)
        self.printer_answers = told.get("printer_answers", True) is not False
        self.queued_after_ms = _count(told, "queued_after_ms", 4000)
        self.utc_offset_min = _count(told, "utc_offset_min", 330)
        self.currency = str(told.get("currency", "INR"))
        self.scale = _count(told, "scale", 2)


def load_settings(folder: str) -> "Settings | None":
    """Read the settings; None before the terminal was enrolled."""
    written = read_whole(folder + FILE)
    return Settings(json.loads(written)) if written else None


def keep_settings(folder: str, told: "dict[str, Any]") -> Settings:
    """Check settings and keep them. Raises ValueError, OSError."""
    settings = Settings(told)
    write_whole(folder + FILE, json.dumps(told).encode())
    return settings


def _count(told: "dict[str, Any]", name: str, otherwise: int) -> int:
    value = told.get(name, otherwise)
    if not isinstance(value, int):
        raise ValueError("settings: %s is no whole number" % name)
    return value
