"""The real line to the broker, and what it calls."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from broker.link import BrokerAddress, LinkChange
from terminal.app.enrolment.passwords import Passwords
from terminal.app.machine.memory import importing_without
from terminal.app.postbox import Link
from terminal.app.settings import Settings

if TYPE_CHECKING:
    from broker.link.terminal_link import TerminalLink


@dataclass(frozen=True, slots=True)
class LinkEnds:
    """What a link calls: birth and will, where messages and changes go, by what it is let in."""

    birth: Callable[[], bytes]
    will: Callable[[], bytes]
    on_message: Callable[[str, bytes], None]
    on_change: Callable[[LinkChange], None]
    passwords: Passwords


LinkMaker = Callable[[Settings, LinkEnds], Link]


def mqtt_link(settings: Settings, ends: LinkEnds) -> Link:
    """Make the real link."""
    terminal_link = _link_class()
    broker = settings.broker
    return terminal_link(
        BrokerAddress(broker.host, broker.port, Path(broker.ca_file) if broker.ca_file else None),
        settings.id,
        ends.passwords,
        birth=ends.birth,
        will=ends.will,
        on_message=ends.on_message,
        on_change=ends.on_change,
    )


def _link_class() -> "type[TerminalLink]":
    """Import the MQTT client: the first scan must not wait for it.

    Its library asks `urllib.request` for a proxy only where PySocks is installed. With the parser
    of mails behind it, it would take more than a MiB.
    """
    spares = importing_without("urllib.request") if find_spec("socks") is None else nullcontext()
    with spares:
        from broker.link.terminal_link import TerminalLink  # noqa: PLC0415

    return TerminalLink
