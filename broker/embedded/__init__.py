"""A broker of our own starting: Mosquitto as a child where it is installed, else amqtt."""

from broker.embedded.credentials import HUB_USER, Credentials
from broker.embedded.running import BrokerStartError, RunningBroker
from broker.embedded.start import BrokerKind, start_broker

__all__ = [
    "HUB_USER",
    "BrokerKind",
    "BrokerStartError",
    "Credentials",
    "RunningBroker",
    "start_broker",
]
