"""Says in the network of this machine where the hub is, for devices that are enrolled there."""

import logging
import secrets
import socket
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from broker.contract.enrolment import LONGEST_HUB, SERVICE

_log = logging.getLogger(__name__)
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Announcement:
    """Answers who asks by multicast DNS for hubs, from when it is made until it is closed.

    The answer proves nothing: a device believes only the hub that made its slip, and a false hub
    gets nothing of use.
    """

    def __init__(self, url: str) -> None:
        # Imported here: a hub that is not looked for needs none of it.
        from zeroconf import ServiceInfo, Zeroconf  # noqa: PLC0415

        host = urlsplit(url).hostname or ""
        if host in _LOCAL:
            _log.warning("devices elsewhere find %s, and cannot reach it: set public_url", url)
        self._zeroconf = Zeroconf()
        name = f"hub-{secrets.token_hex(4)}.{SERVICE}"
        service = ServiceInfo(
            SERVICE,
            name,
            port=urlsplit(url).port or 443,
            properties={"url": url[:LONGEST_HUB]},
            parsed_addresses=_addresses(host),
            server=f"{name.partition('.')[0]}.local.",
        )
        self._zeroconf.register_service(service)
        _log.info("devices in this network find the hub at %s", url)

    def close(self) -> None:
        """Tell the network that the hub is there no more."""
        self._zeroconf.close()


def _addresses(host: str) -> list[str]:
    """Look up the addresses of a host; a host that is an address is its own."""
    try:
        return [str(ip_address(host))]
    except ValueError:
        try:
            return sorted({str(one[4][0]) for one in socket.getaddrinfo(host, None)})
        except OSError:
            return ["127.0.0.1"]
