r"""Makes an update of the firmware for boards that work already, and what starts it there.

    .venv/bin/python -m firmware.release out/pico_w dist/pico_w-12.ow --key software/private.pem \
        --number 12 --version 1.4
    ./orderwire hub software add dist/pico_w-12.json --by asha

With `--number` it writes a manifest beside the package, by which a hub offers the update to boards;
the key is that of who makes updates (`./orderwire rules keygen -o software`). With `--url`, an
address where boards can fetch the package, it prints an offer to scan at one counter, as a line of
JSON and, where the package qrcode is installed, as a QR code; the key of the hub's packs will do.

`out/pico_w` is what `build.py` wrote; what it is for stands there. This runs on Python, not on a
board.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path

from firmware.build import VERSION
from firmware.claim import print_code
from firmware.constants import SOFTWARE_FORMAT, SOFTWARE_SIGNED_AS
from firmware.fetched.updates import SIGNED
from firmware.flash.records import RecordFile


class ReleaseError(Exception):
    """An update cannot be made; its text says why."""


def target_of(built: Path) -> str:
    """Tell for which kind of board a folder was built. Raises ReleaseError."""
    try:
        return str(json.loads((built / "package.json").read_text())["target"])
    except (OSError, ValueError, KeyError) as error:
        raise ReleaseError(f"{built}: not a folder that build.py wrote") from error


def code_of(built: Path) -> str:
    """Tell which byte code a folder has, by the head of its modules: `mpy6`."""
    head = (built / "slots.mpy").read_bytes()[:2]
    return f"mpy{head[1]}"


def pack(built: Path, package: Path) -> None:
    """Write the modules of a built folder into one file that a board can unpack."""
    package.write_bytes(b"")
    records = RecordFile(str(package))
    records.append("V", json.dumps({"target": target_of(built)}).encode())
    for path in sorted((built / "firmware").rglob("*.mpy")):
        name = path.relative_to(built).as_posix().encode()
        records.append("F", name + b"\n", path.read_bytes())


def offer_of(package: Path, url: str, private_key: bytes) -> "dict[str, Any]":
    """Sign a package with a key in PEM and say where it is; raises ReleaseError."""
    content = package.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    signature = _signed(SIGNED + digest.encode(), private_key)
    return {"update": url, "size": len(content), "hash": digest, "signature": signature}


def manifest_of(
    built: Path, package: Path, private_key: bytes, *, number: int, version: str = VERSION
) -> "dict[str, str]":
    """Write the signed manifest by which a hub offers a package; raises ReleaseError."""
    content = package.read_bytes()
    told = {
        "format": SOFTWARE_FORMAT,
        "number": number,
        "version": version,
        "machine": target_of(built),
        "python": code_of(built),
        "bundle": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }
    body = json.dumps(told, separators=(",", ":")).encode()
    message = f"orderwire {SOFTWARE_SIGNED_AS} sha-256 {hashlib.sha256(body).hexdigest()}"
    return {
        "manifest": base64.b64encode(body).decode(),
        "signature": _signed(message.encode(), private_key),
    }


def _signed(message: bytes, private_key: bytes) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(private_key, password=None)
    except (ValueError, TypeError) as error:
        raise ReleaseError("the key cannot be read") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ReleaseError("the key is not a private one of Ed25519")
    return base64.b64encode(key.sign(message)).decode()


def main() -> None:
    """Write the package, and the manifest or the offer that were asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("built", type=Path, help="the folder that build.py wrote")
    parser.add_argument("package", type=Path, help="the file to write, NAME.ow")
    parser.add_argument("--key", type=Path, required=True, help="a private key, as PEM")
    parser.add_argument("--number", type=int, help="for the hub: higher than that of any before")
    parser.add_argument("--version", default=VERSION, help="what people call it by")
    parser.add_argument("--url", help="for a code to scan: where boards fetch the package")
    told = parser.parse_args()
    if told.number is None and told.url is None:
        parser.error("--number for the hub, or --url for a code to scan")
    try:
        _release(told, told.key.read_bytes())
    except (ReleaseError, OSError) as error:
        sys.exit(f"release: {error}")


def _release(told: argparse.Namespace, key: bytes) -> None:
    told.package.parent.mkdir(parents=True, exist_ok=True)
    pack(told.built, told.package)
    if told.number is not None:
        manifest = manifest_of(
            *(told.built, told.package, key), number=told.number, version=told.version
        )
        beside = told.package.with_suffix(".json")
        beside.write_text(json.dumps(manifest) + "\n")
        print(beside)
    if told.url is not None:
        print_code(offer_of(told.package, told.url, key))


if __name__ == "__main__":
    main()
