"""`terminal bundle` and `terminal update`: make a signed update, and have a machine try one."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from broker.contract.software import SoftwareError
from terminal.app.package import ARCHITECTURES, PackageError, build_tree
from terminal.app.settings import Settings
from terminal.app.update.install import install, nothing, write_update
from terminal.slots import Slots
from terminal.slots.slots import NAMES


def run_bundle(arguments: argparse.Namespace) -> int:
    """Make a bundle and its signed manifest."""
    told = version("orderwire")
    with tempfile.TemporaryDirectory(prefix="orderwire-bundle-") as name:
        tree: Path = arguments.tree or Path(name)
        try:
            if arguments.tree is None:
                build_tree(tree, architecture=arguments.arch, python=arguments.python, version=told)
            made = write_update(
                tree,
                arguments.out,
                arguments.key.read_bytes(),
                number=arguments.number,
                version=told,
                machine=ARCHITECTURES[arguments.arch],
                python=arguments.python,
            )
        except (PackageError, SoftwareError) as error:
            print(f"not made: {error}", file=sys.stderr)
            return 1
        except OSError as error:
            print(f"not made: {_said(error)}", file=sys.stderr)
            return 1
    for path in made:
        print(path)
    return 0


def run_update(arguments: argparse.Namespace, settings: Settings) -> int:
    """Prove an update and have it tried; or say what is in the slots. One JSON object."""
    if not settings.slots:
        print(
            "this machine has no slots: name a folder as `slots` in its settings", file=sys.stderr
        )
        return 1
    slots = Slots(Path(settings.slots))
    if arguments.show or arguments.manifest is None:
        there = {name: slots.software(name) for name in NAMES}
        shown = {name: asdict(one) if one else None for name, one in there.items()}
        print(json.dumps({**asdict(slots.state()), **shown}))
        return 0
    manifest: Path = arguments.manifest
    try:
        name, what = install(
            slots, manifest, manifest.with_suffix(".tar.gz"), keys=settings.software_keys
        )
        if slots.awaited != what:  # one that was given before waits already, or is on trial
            slots.switch(name, what, nothing)
    except SoftwareError as error:
        print(json.dumps({"refused": error.code, "text": error.text}))
        return 1
    except OSError as error:
        print(f"not stored: {_said(error)}", file=sys.stderr)
        return 1
    print(json.dumps({"slot": name, "number": what.number, "version": what.version}))
    return 0


def _said(error: OSError) -> str:
    """Name the file first: `stick/terminal-12.tar.gz: No such file or directory`."""
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)
