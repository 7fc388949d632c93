"""The portal of e-invoices as the settings name it: its address, and a file of what it wants."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from hub.base.jobs.calling import WebHost
from hub.desk.invoices.model.portal_qr import PortalKey
from hub.desk.invoices.model.registration import Terms
from hub.run.config.settings import ConfigError, Settings

_TABLES: Final = ("heads", "paths")
_PEM: Final = re.compile(r"-----BEGIN (PUBLIC KEY|CERTIFICATE)-----.*?-----END \1-----", re.DOTALL)
_PATHS: Final = ("register", "find", "read", "cancel")


def read_portal(settings: Settings) -> tuple[WebHost, Terms]:
    """Read where documents are sent and how; raises ConfigError.

    A credentials file looks so, with the names that the portal or its gateway gives:

        [heads]
        client_id = "..."
        client_secret = "..."
        Gstin = "29AAACD1234K1ZS"

        [paths]
        cancel = "/einvoice/cancel"
    """
    if not settings.einvoice_url:
        return WebHost(), Terms()
    tables = _read_file(settings)
    host = WebHost(settings.einvoice_url, tables["heads"])
    if fault := host.fault():
        raise ConfigError(f"einvoice_url: {fault}")
    unknown = tables["paths"].keys() - set(_PATHS)
    if unknown:
        raise ConfigError(f"einvoice_credentials: paths.{min(unknown)} is none of {_PATHS}")
    return host, Terms(
        is_on=True,
        since=_day(settings.einvoice_since),
        eway=_yes(settings.einvoice_eway),
        paths=tables["paths"],
        keys=_read_keys(settings),
    )


def _read_keys(settings: Settings) -> tuple[PortalKey, ...]:
    """Read the portal's public keys: it has another one for each span of time."""
    if not settings.einvoice_key:
        return ()
    path = settings.folder / Path(settings.einvoice_key)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"einvoice_key: {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"einvoice_key: {path}: it is no PEM file") from error
    keys = tuple(_read_key(one[0], path) for one in _PEM.finditer(text))
    if not keys:
        raise ConfigError(f"einvoice_key: {path}: no key and no certificate is in it")
    return keys


def _read_key(block: str, path: Path) -> PortalKey:
    from cryptography import x509  # noqa: PLC0415  # a hub without a portal starts without it
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    is_certificate = "BEGIN CERTIFICATE" in block
    try:
        key = (
            x509.load_pem_x509_certificate(block.encode()).public_key()
            if is_certificate
            else load_pem_public_key(block.encode())
        )
    except ValueError as error:
        raise ConfigError(f"einvoice_key: {path}: {error}") from error
    if not isinstance(key, RSAPublicKey):
        raise ConfigError(f"einvoice_key: {path}: the portal signs with RSA, and this key is not")
    numbers = key.public_numbers()
    return PortalKey(numbers.n, numbers.e)


def _read_file(settings: Settings) -> dict[str, Mapping[str, str]]:
    """Read the credentials; a path that is not absolute is looked for in the hub's folder."""
    if not settings.einvoice_credentials:
        return {name: {} for name in _TABLES}
    path = settings.folder / Path(settings.einvoice_credentials)
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"einvoice_credentials: {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"einvoice_credentials: {path}: {error}") from error
    tables: dict[str, Mapping[str, str]] = {}
    for name in _TABLES:
        table = said.pop(name, {})
        if not isinstance(table, dict) or not all(_is_head(one) for one in table.values()):
            raise ConfigError(f"einvoice_credentials: {path}: [{name}] is not names with texts")
        tables[name] = table
    if said:
        raise ConfigError(f"einvoice_credentials: {path}: {min(said)} is none of {_TABLES}")
    return tables


def _is_head(value: object) -> bool:
    """Say whether a value can stand in a head of a request: one line of plain characters."""
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigError(f"einvoice_since {text!r} is no day such as 2026-12-01") from error


def _yes(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ConfigError(f"einvoice_eway {text!r} is neither yes nor no")
    return text == "yes"
