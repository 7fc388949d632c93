"""The two ends' clients: `terminal_link` for a terminal, `hub_link` for the hub.

Import the one that is needed by its module: a terminal must not pay for the hub's.
"""

from broker.contract.address import BrokerAddress
from broker.link.backoff import Backoff
from broker.link.outcome import LinkChange, LinkDown, PayloadTooLargeError

__all__ = ["Backoff", "BrokerAddress", "LinkChange", "LinkDown", "PayloadTooLargeError"]
