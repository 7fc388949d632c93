"""What is kept of an enrolment: the password before the hub is asked, the answer after it."""

import hashlib
import json
import os
import secrets
import stat
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from broker.contract.enrolment import Claim, Told, claim_name, hash_password

_MODE: Final = stat.S_IRUSR | stat.S_IWUSR
_PASSWORD_BYTES: Final = 32


class ClaimNotKeptError(Exception):
    """The disk does not take what has to be kept; nothing was asked or changed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A password of our own making, and the claim that it is meant for.

    It is on disk before the hub is asked: where the answer is lost, also by a power cut, the same
    claim is asked again with the same password, and the hub gives the same answer.
    """

    claim: str
    password: str
    line: str

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the password, which the hub keeps."""
        return hashlib.sha256(self.password.encode()).hexdigest()


def draft_for(claim: Claim, enrolled: Path) -> Draft:
    """Give the password for a claim: the one that was begun with, or a new one, kept first.

    Raises ClaimNotKeptError.
    """
    path, name = draft_path(enrolled), claim_name(claim.code)
    begun = _read(path)
    if begun is not None and begun.claim == name:
        return begun
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    draft = Draft(name, password, hash_password(password))
    write_secret(path, json.dumps(asdict(draft)))
    return draft


def keep(told: Told, draft: Draft, *, enrolled: Path, hub: str, host: str) -> None:
    """Keep what the hub told, in place of what was told before; raises ClaimNotKeptError.

    `hub` is where it was asked, `host` the broker's host where the hub names none.
    """
    broker: dict[str, str | int] = {"host": told.broker_host or host, "port": told.broker_port}
    if told.broker_ca:
        ca_file = enrolled.with_suffix(".ca.pem")
        write_secret(ca_file, told.broker_ca)
        broker["ca_file"] = str(ca_file.resolve())
    told_all = {
        "id": told.terminal,
        "password": draft.password,
        "pack_keys": told.pack_keys,
        "hub": hub,
        # A machine whose hub knows of no updates keeps the keys of its own settings.
        **({"software_keys": told.software_keys} if told.software_keys else {}),
    }
    lines = [
        "# Written when this device was enrolled; a new enrolment slip writes it anew.",
        *(f"{name} = {json.dumps(value)}" for name, value in told_all.items()),
        "",
        "[broker]",
        *(f"{name} = {json.dumps(value)}" for name, value in broker.items()),
    ]
    write_secret(enrolled, "\n".join(lines) + "\n")
    draft_path(enrolled).unlink(missing_ok=True)


def draft_path(enrolled: Path) -> Path:
    """Name the file of the password that the hub was asked with and has not confirmed."""
    return enrolled.with_suffix(".draft")


def _read(path: Path) -> Draft | None:
    try:
        return Draft(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_secret(path: Path, text: str) -> None:
    """Replace a file whole, readable by its owner alone, on disk before this returns."""
    # Imported here: a counter is enrolled once, and serves for years.
    import tempfile  # noqa: PLC0415

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                os.fchmod(file.fileno(), _MODE)
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise ClaimNotKeptError(f"{path}: {error.strerror}") from error
