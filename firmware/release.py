r"""Makes an update of the firmware for boards that work already, and the offer that starts it.

    .venv/bin/python -m firmware.release out/pico_w pico_w.ow --target armv6m \
        --key hub/signing/private.pem --url http://192.168.1.10:8000/pico_w.ow

`out/pico_w` is what `build.py` wrote, the key is that of the hub's packs, the address is
where the boards can fetch the package: any web server does. It runs on Python, not on a board, and
prints the offer as a line of JSON and, where the package qrcode is installed, as a QR code.
"""

import argparse
import base64
import hashlib
import json
from pathlib import Path

from firmware.build import TARGETS
from firmware.claim import print_code
from firmware.fetched.updates import SIGNED
from firmware.flash.records import RecordFile


def pack(built: Path, package: Path, target: str) -> None:
    """Write the modules of a built folder into one file that a board can unpack."""
    package.write_bytes(b"")
    records = RecordFile(str(package))
    records.append("V", json.dumps({"target": target}).encode())
    for path in sorted((built / "firmware").rglob("*.mpy")):
        name = path.relative_to(built).as_posix().encode()
        records.append("F", name + b"\n", path.read_bytes())


def offer_of(package: Path, url: str, private_key: bytes) -> "dict[str, Any]":
    """Sign a package with a key in PEM and say where it is; raises ValueError for another key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(private_key, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not a private key of Ed25519")
    content = package.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    signature = base64.b64encode(key.sign(SIGNED + digest.encode())).decode()
    return {"update": url, "size": len(content), "hash": digest, "signature": signature}


def main() -> None:
    """Write the package and print its offer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("built", type=Path, help="the folder that build.py wrote")
    parser.add_argument("package", type=Path, help="the file to write")
    parser.add_argument("--target", choices=TARGETS, required=True)
    parser.add_argument("--key", type=Path, required=True, help="the hub's signing/private.pem")
    parser.add_argument("--url", required=True, help="where boards fetch the package")
    told = parser.parse_args()
    pack(told.built, told.package, told.target)
    print_code(offer_of(told.package, told.url, told.key.read_bytes()))


if __name__ == "__main__":
    main()
