"""HTTPS in a shop's own network: an authority that phones trust once, and the hub's certificate.

Nobody outside issues a certificate for `hub.local` or 192.168.1.20. The authority can vouch for
nothing but the names that it was made for and private addresses, so that its key, if it were
stolen, could not pretend to be a bank.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.web.site import SafePages

FOLDER: Final = "https"
_AUTHORITY_DAYS: Final = 3_650
_DAYS: Final = 398
"""Phones take no certificate that is longer; it is made anew at a start before it ends."""
_RENEW_DAYS: Final = 60
_PRIVATE: Final = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"),
    *("169.254.0.0/16", "fc00::/7", "fe80::/10", "::1/128"),
)


class HttpsError(Exception):
    """No certificate can be made as it is asked for; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files of a hub's HTTPS, and the names that its pages are reached by, the first first."""

    authority: Path
    certificate: Path
    key: Path
    names: tuple[str, ...]
    until: datetime
    fingerprint: str


def make_certificates(
    folder: Path, names: Sequence[str], *, now_ms: int, anew: bool = False
) -> Certificates:
    """Make the certificate of these names, and the authority where there is none, or `anew`.

    Phones that trust the authority already trust the new certificate. Raises HttpsError.
    """
    names = tuple(dict.fromkeys(one.strip().rstrip(".").lower() for one in names if one.strip()))
    if not names:
        raise HttpsError("name the hub as phones reach it: hub.local, 192.168.1.20")
    entries = [_entry(one) for one in names]
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    now = datetime.fromtimestamp(now_ms / 1_000, UTC)
    if anew or not (place / "ca.key").exists():
        _make_authority(place, entries, now)
    authority = _read_certificate(place / "ca.crt")
    _check_bounds(authority, entries)
    _make_own(place, authority=authority, names=names, entries=entries, now=now)
    found = read_certificates(folder)
    assert found is not None  # noqa: S101  # as it was just written
    return found


def read_certificates(folder: Path) -> Certificates | None:
    """Read what a hub serves HTTPS with; None where nothing was made yet. Raises HttpsError."""
    place = folder / FOLDER
    if not (place / "server.crt").exists():
        return None
    own, authority = _read_certificate(place / "server.crt"), _read_certificate(place / "ca.crt")
    said = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    common = own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    names = [str(one.value) for one in said]
    first = [one for one in names if one == common]
    return Certificates(
        authority=place / "ca.crt",
        certificate=place / "server.crt",
        key=place / "server.key",
        names=tuple(dict.fromkeys([*first, *names])),
        until=own.not_valid_after_utc,
        fingerprint=authority.fingerprint(hashes.SHA256()).hex(":").upper(),
    )


def renewed(folder: Path, *, now_ms: int) -> Certificates | None:
    """Read what a hub serves HTTPS with, made anew where it ends within 60 days."""
    found = read_certificates(folder)
    if found is None:
        return None
    now = datetime.fromtimestamp(now_ms / 1_000, UTC)
    if found.until - now > timedelta(days=_RENEW_DAYS):
        return found
    return make_certificates(folder, found.names, now_ms=now_ms)


def safe_pages(made: Certificates, port: int) -> SafePages:
    """Say what the pages tell phones of the certificates."""
    authority = _read_certificate(made.authority).public_bytes(Encoding.DER)
    return SafePages(authority, made.fingerprint, made.names, port)


def _entry(name: str) -> x509.GeneralName:
    """Write a name or an address as certificates have it; raises HttpsError."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    parts = name.split(".")
    if not name.isascii() or any(not part.replace("-", "").isalnum() for part in parts):
        raise HttpsError(
            f"{name!r} is no name of a machine and no address: hub.local, 192.168.1.20"
        )
    return x509.DNSName(name)


def _make_authority(place: Path, entries: Sequence[x509.GeneralName], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Orderwire hub authority")])
    names = [one for one in entries if isinstance(one, x509.DNSName)]
    outside = [
        x509.IPAddress(ipaddress.ip_network(str(one.value)))
        for one in entries
        if isinstance(one, x509.IPAddress) and not _is_in(str(one.value), _PRIVATE)
    ]
    private = [x509.IPAddress(ipaddress.ip_network(one)) for one in _PRIVATE]
    bounds = x509.NameConstraints([*names, x509.DNSName("local"), *private, *outside], None)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(bounds, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(place / "ca.key", _pem(key))
    _write(place / "ca.crt", made.public_bytes(Encoding.PEM))


def _make_own(
    place: Path,
    *,
    authority: x509.Certificate,
    names: Sequence[str],
    entries: Sequence[x509.GeneralName],
    now: datetime,
) -> None:
    signing = load_pem_private_key((place / "ca.key").read_bytes(), None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)  # noqa: S101  # as it was made here
    key = ec.generate_private_key(ec.SECP256R1())
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(min(now + timedelta(days=_DAYS - 1), authority.not_valid_after_utc))
        .add_extension(x509.SubjectAlternativeName(entries), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(above, critical=False)
        .sign(signing, hashes.SHA256())
    )
    _write(place / "server.key", _pem(key))
    _write(place / "server.crt", made.public_bytes(Encoding.PEM))


def _check_bounds(authority: x509.Certificate, entries: Sequence[x509.GeneralName]) -> None:
    """See that the authority may vouch for these names; raises HttpsError."""
    bounds = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = bounds.permitted_subtrees or []
    domains = [one.value for one in permitted if isinstance(one, x509.DNSName)]
    networks = [str(one.value) for one in permitted if isinstance(one, x509.IPAddress)]
    for one in entries:
        name = str(one.value)
        is_in = (
            _is_in(name, networks)
            if isinstance(one, x509.IPAddress)
            else any(name == domain or name.endswith(f".{domain}") for domain in domains)
        )
        if not is_in:
            raise HttpsError(
                f"the authority that phones trust may not vouch for {name}: make another with "
                "--anew, and have the phones install that"
            )


def _is_in(address: str, networks: Sequence[str]) -> bool:
    there = ipaddress.ip_address(address)
    return any(there in ipaddress.ip_network(one) for one in networks)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise HttpsError(f"{path} holds no certificate: run `https` again with --anew") from error


def _write(path: Path, content: bytes) -> None:
    """Write a file for its owner alone; the new one is there whole, or the old one is."""
    beside = path.with_suffix(f"{path.suffix}.new")
    beside.touch(mode=0o600)
    beside.write_bytes(content)
    beside.replace(path)
