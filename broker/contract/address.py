"""Where a broker is: said by whoever starts one, needed by whoever connects."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a broker proves itself with: certificate, with those between, and key, as PEM."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where a broker listens; `ca_file` turns TLS on.

    `cert_file` and `key_file` are our own certificate, for a broker that asks for one.
    """

    host: str
    port: int
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None

    def tls_files(self) -> dict[str, str | None]:
        """Name the TLS files as both MQTT libraries call them; empty without TLS."""
        if self.ca_file is None:
            return {}
        return {
            "ca_certs": str(self.ca_file),
            "certfile": str(self.cert_file) if self.cert_file else None,
            "keyfile": str(self.key_file) if self.key_file else None,
        }
