"""Looks in this network for hubs that say they are there; whether one is right, its slip proves."""

import logging
import threading
import time
from typing import Final
from urllib.parse import urlsplit

from broker.contract.enrolment import LONGEST_HUB, SERVICE

_log = logging.getLogger(__name__)
_LOOK_S: Final = 3.0
_SETTLE_S: Final = 0.5
"""How long it is looked for others, once one was found."""
_MOST: Final = 8


def find_hubs(look_s: float = _LOOK_S) -> list[str]:
    """Give the addresses of hubs that answer by multicast DNS; blocking, for some seconds."""
    # Imported here: a device is enrolled once.
    try:
        from zeroconf import ServiceBrowser, ServiceStateChange, Zeroconf  # noqa: PLC0415
    except ImportError as error:
        _log.warning("hubs are not looked for: %s", error)
        return []
    names: set[str] = set()
    first = threading.Event()

    def seen(
        *, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        del zeroconf, service_type
        if state_change is ServiceStateChange.Added and len(names) < _MOST:
            names.add(name)
            first.set()

    try:
        looking = Zeroconf()
    except OSError as error:
        _log.warning("hubs are not looked for: %s", error)
        return []
    try:
        ServiceBrowser(looking, SERVICE, handlers=[seen])
        if first.wait(look_s):
            time.sleep(_SETTLE_S)
        found = [looking.get_service_info(SERVICE, name) for name in sorted(names)]
    finally:
        looking.close()
    told = [(one.properties.get(b"url") or b"").decode(errors="replace") for one in found if one]
    return sorted({url for url in told if _is_address(url)})


def _is_address(url: str) -> bool:
    """Tell whether what somebody in the network calls the address of a hub can be one."""
    try:
        parts = urlsplit(url)
        is_named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return is_named and parts.scheme in {"http", "https"} and len(url) < LONGEST_HUB
