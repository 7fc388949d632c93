"""`https`: certificates with which phones in the shop's own network reach the pages safely."""

import argparse
import time

from hub.base.commands import CommandError, add_folder, example
from hub.run.config import settings_of
from hub.run.https.certificates import HttpsError, make_certificates, read_certificates


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "https",
        help="make the certificates with which phones reach the pages safely",
        description="Makes an authority of the hub's own and a certificate for the names by which "
        "phones reach it; `run` then serves HTTPS on `https_port` beside HTTP, and shows at /https "
        "how a phone comes to trust it. Without names, those of before are certified anew.",
        epilog=example("https hub.local 192.168.1.20"),
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="the hub's names and addresses")
    parser.add_argument(
        "--anew", action="store_true", help="make another authority, which phones have to install"
    )
    add_folder(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the certificates, and tell what to do with them."""
    settings = settings_of(arguments)
    try:
        before = read_certificates(settings.folder)
        names = arguments.names or (before.names if before else ())
        now_ms = time.time_ns() // 1_000_000
        made = make_certificates(settings.folder, names, now_ms=now_ms, anew=arguments.anew)
    except HttpsError as error:
        raise CommandError(str(error)) from error
    first = f"[{made.names[0]}]" if ":" in made.names[0] else made.names[0]
    print(f"certified until {made.until:%Y-%m-%d}: {', '.join(made.names)}")
    print(f"authority, SHA-256: {made.fingerprint}")
    print(f"phones: http://{first}:{settings.http_port}/https, once the hub was started again")
    return 0
