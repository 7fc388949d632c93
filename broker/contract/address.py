"""Where a broker is: said by whoever starts one, needed by whoever connects."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where a broker listens; `ca_file` turns TLS on, `mqtt5=False` spares the hub a try.

    The hub asks for MQTT 5 and falls back to 3.1.1 by itself; terminals speak 3.1.1 only.
    """

    host: str
    port: int
    ca_file: Path | None = None
    mqtt5: bool = True
