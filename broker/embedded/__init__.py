"""A broker of our own starting: Mosquitto as a child where it is installed, else amqtt."""

from broker.embedded.credentials import HUB_USER, Credentials
from broker.embedded.door import OUT_S, Door
from broker.embedded.holding import FolderInUseError, hold_folder, is_held
from broker.embedded.kept import KeptBroker
from broker.embedded.running import BrokerPortError, BrokerStartError, RunningBroker
from broker.embedded.start import BrokerKind, start_broker

__all__ = [
    "HUB_USER",
    "OUT_S",
    "BrokerKind",
    "BrokerPortError",
    "BrokerStartError",
    "Credentials",
    "Door",
    "FolderInUseError",
    "KeptBroker",
    "RunningBroker",
    "hold_folder",
    "is_held",
    "start_broker",
]
