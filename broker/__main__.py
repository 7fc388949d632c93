"""The broker's command line: run one, or print the description of the wire."""

import argparse
import json
import logging
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from pythonjsonlogger.json import JsonFormatter

from broker.contract.address import Certificate
from broker.embedded import (
    BrokerPortError,
    BrokerStartError,
    Credentials,
    FolderInUseError,
    RunningBroker,
    hold_folder,
    start_broker,
)

_WATCH_S: Final = 1.0
_EXAMPLES: Final = """examples:
  %(prog)s run --data /var/lib/orderwire --port 1883
  %(prog)s run --data /var/lib/orderwire --host 0.0.0.0 --port 8883 --tls server.crt server.key
  %(prog)s asyncapi > asyncapi.json
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give the exit code."""
    options = parser().parse_args(arguments)
    _log_as_json()
    if options.command == "run":
        return _run_alone(options)
    return _describe_wire(options)


def parser() -> argparse.ArgumentParser:
    """Describe every command."""
    whole = argparse.ArgumentParser(
        prog=_name_program(),
        description="The message broker between hub and terminals.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run",
        help="run a broker until SIGTERM; SIGHUP reads the credentials again",
        epilog="example: %(prog)s --data ./data --port 8883 --tls server.crt server.key",
    )
    run.add_argument("--data", type=Path, required=True, help="its files are in DATA/broker")
    run.add_argument("--port", type=int, required=True, help="TCP port; 0 takes a free one")
    run.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    run.add_argument(
        "--kind",
        choices=("auto", "mosquitto", "amqtt"),
        default="auto",
        help="auto takes mosquitto where it is installed, else amqtt",
    )
    run.add_argument(
        "--tls",
        nargs=2,
        type=Path,
        metavar=("CERTIFICATE", "KEY"),
        help="PEM files: speak TLS alone, with Mosquitto; renewed ones are read at a new start",
    )
    asyncapi = commands.add_parser(
        "asyncapi",
        help="print the AsyncAPI 3.0 document of the wire",
        epilog="example: %(prog)s > asyncapi.json",
    )
    asyncapi.add_argument(
        "--write",
        action="store_true",
        help="after a change of messages: write it and the JSON Schemas into the package",
    )
    return whole


def _name_program() -> str:
    """Give the words that start it, as `rules.commands.naming` does: the wire imports no rules."""
    installed = Path(sys.argv[0]).name.startswith("orderwire-")
    return "orderwire-broker" if installed else "./orderwire broker"


def _run_alone(options: argparse.Namespace) -> int:
    folder = options.data / "broker"
    with ExitStack() as stack:
        try:
            stack.enter_context(hold_folder(folder, "broker"))
        except FolderInUseError as error:
            print(f"{error}: stop it first, or name another folder with --data", file=sys.stderr)
            return 1
        except OSError as error:
            reason = f"cannot write to {folder} ({error.strerror})"
            print(f"{reason}: name another folder with --data", file=sys.stderr)
            return 1
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    # Blocked before the broker starts its threads, so that only the loop below gets them.
    signals = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    who = Credentials(options.data / "broker")
    if out := who.kept_out():
        who.let_in(out)
    written = who.version()
    proof = Certificate(*(path.resolve() for path in options.tls)) if options.tls else None
    try:
        broker = start_broker(
            options.data / "broker",
            host=options.host,
            port=options.port,
            kind=options.kind,
            proof=proof,
        )
    except BrokerPortError as error:
        print(f"{error}; --port names another", file=sys.stderr)
        return 1
    except BrokerStartError as error:
        print(error, file=sys.stderr)
        return 1
    ready = {
        "broker": broker.describe(),
        "host": broker.address.host,
        "port": broker.address.port,
    }
    print("ready", json.dumps(ready), flush=True)
    return _serve(broker, signals, who=who, written=written)


def _serve(
    broker: RunningBroker,
    signals: set[signal.Signals],
    *,
    who: Credentials,
    written: tuple[int, int],
) -> int:
    """Run until the end; who may connect is read again at SIGHUP, and by itself where it changed.

    A terminal that was added again, or revoked, must not wait for somebody to send a signal.
    `written` is the version of who may connect from before the broker read it: what is added while
    the broker starts counts too.
    """
    while True:
        received = signal.sigtimedwait(signals, _WATCH_S)
        if received is None:
            if not broker.alive():
                print(f"{broker.describe()} ended by itself", file=sys.stderr)
                return 1
            if who.version() != written:
                written = who.version()
                broker.reload()
        elif received.si_signo == signal.SIGHUP:
            broker.reload()
        else:
            broker.stop()
            return 0


def _describe_wire(options: argparse.Namespace) -> int:
    # Only this command pays for making the schemas.
    from broker.contract.asyncapi import files  # noqa: PLC0415

    for path, text in files().items():
        if options.write:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path)
        elif path.name == "asyncapi.json":
            print(text, end="")
    return 0


def _log_as_json() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter("{asctime}{levelname}{name}{message}", style="{"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


if __name__ == "__main__":
    sys.exit(main())
