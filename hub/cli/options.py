"""What the commands share: the folder, the broker's address, and how a failure ends."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from hub.base.commands import CommandError
from hub.bootstrap import Hub, build_hub
from hub.config import Settings, Sourced, read_settings


def sourced(arguments: argparse.Namespace) -> Sourced:
    """Put the settings together for a command."""
    given = {
        name: getattr(arguments, name, None)
        for name in ("http_host", "http_port", "broker_host", "broker_port", "database")
    }
    return read_settings({"folder": arguments.data, **given})


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Put the settings together, without their sources."""
    return sourced(arguments).settings


@contextmanager
def opened(arguments: argparse.Namespace, *, creating: bool = False) -> Iterator[Hub]:
    """Build the hub for one command; raises CommandError where there is none to look after.

    Only `creating` may make a new one: an audit of a mistyped folder must not find all in order.
    """
    settings = settings_of(arguments)
    file = settings.database_file
    if not creating and file is not None and not file.exists():
        raise CommandError(f"{file}: no hub is here; name its folder with --data, or load one")
    hub = build_hub(settings)
    try:
        yield hub
    finally:
        hub.close()
