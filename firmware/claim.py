"""Makes the claim that enrols a board: the hub's file for a terminal, as one code to scan.

    ./orderwire hub terminal add shop-9 --customer C9 --warehouse MAIN   # says where shop-9.toml is
    .venv/bin/python -m firmware.claim shop-9.toml --host 192.168.1.10 --ssid Shop

It runs on Python, not on a board, and prints the claim as a line of JSON and, where the package
qrcode is installed, as a QR code. The claim holds passwords: show it, do not keep it.
"""

import argparse
import json
import tomllib
from importlib.util import find_spec
from pathlib import Path


def claim_of(terminal: "dict[str, Any]", more: "dict[str, Any]") -> "dict[str, Any]":
    """Make a claim of a terminal's file and what the hub does not know; raises KeyError."""
    broker = terminal.get("broker", {})
    claim = {
        "id": terminal["id"],
        "password": terminal["password"],
        "host": broker.get("host", "127.0.0.1"),
        "port": broker.get("port", 1883),
    }
    keys = {"key": terminal.get("pack_keys"), "software_key": terminal.get("software_keys")}
    told = {**keys, **more}
    return {**claim, **{name: value for name, value in told.items() if value is not None}}


def main() -> None:
    """Print the claim."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="the hub's file for the terminal")
    parser.add_argument("--host", help="the broker, as the shop's network knows it")
    parser.add_argument("--port", type=int, help="its port, if not that of the file")
    parser.add_argument("--ssid", help="the shop's Wi-Fi")
    parser.add_argument("--wifi-password", help="none: an open network")
    parser.add_argument("--columns", type=int, choices=(32, 48), help="58 mm or 80 mm paper")
    parser.add_argument("--utc-offset-min", type=int, help="the shop's time; 330 for India")
    arguments = vars(parser.parse_args())
    terminal = tomllib.loads(arguments.pop("file").read_text(encoding="utf-8"))
    print_code(claim_of(terminal, arguments))


def print_code(told: "dict[str, Any]") -> None:
    """Print what a board is told, as a line of JSON and as a code to scan."""
    line = json.dumps(told, separators=(",", ":"))
    print(line)
    if find_spec("qrcode"):
        import qrcode

        code = qrcode.QRCode(border=2)
        code.add_data(line)
        code.print_ascii(invert=True)


if __name__ == "__main__":
    main()
