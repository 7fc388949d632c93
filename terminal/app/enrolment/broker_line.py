"""The real line to the broker, and what it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from broker.link import BrokerAddress, LinkChange
from terminal.app.enrolment.passwords import Passwords
from terminal.app.postbox import Link
from terminal.app.settings import Settings


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
    # Imported here: the first scan must not wait for the MQTT client.
    from broker.link.terminal_link import TerminalLink  # noqa: PLC0415

    broker = settings.broker
    return TerminalLink(
        BrokerAddress(broker.host, broker.port, Path(broker.ca_file) if broker.ca_file else None),
        settings.id,
        ends.passwords,
        birth=ends.birth,
        will=ends.will,
        on_message=ends.on_message,
        on_change=ends.on_change,
    )
