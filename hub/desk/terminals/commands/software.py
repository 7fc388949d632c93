"""`software list|add|show|offer|widen|pause|resume|end`: updates of terminals' software."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from broker.contract import MAX_MANIFEST_BYTES
from hub.base.access import EVERYTHING, Actor
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.ground import Ground
from hub.base.words import PageWords
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.terminals.acts.software import SoftwareActs
from hub.desk.terminals.model.software import USUAL_LIMIT, USUAL_SHARE, UpdateFault
from hub.desk.terminals.reads.software import (
    UpdateRow,
    list_runs,
    list_tries,
    list_updates,
    read_update,
)
from hub.desk.terminals.words import say_fault

_MACHINE, _BOARD = _BUNDLES = (".tar.gz", ".ow")
"""How the bundle of a machine and of a board ends."""
_NAME: Final = "12-aarch64-py3.11"
_MOST: Final = 10_000
_STEPS: Final = {
    "offer": ("offer an update to a few terminals first", f"offer {_NAME} --share 5"),
    "widen": ("offer an update to all, once one of the first has taken it", f"widen {_NAME}"),
    "pause": ("have nobody begin with an update for now", f"pause {_NAME} --reason 'holidays'"),
    "resume": ("go on with an update that is paused, or stopped", f"resume {_NAME}"),
    "end": ("take an update back: who has not tried it will not", f"end {_NAME}"),
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "software", "updates of terminals' software")
    listing = inner.add_parser(
        "list",
        help="list the updates, and what terminals run, one JSON object a line",
        epilog=example("software list"),
    )
    listing.set_defaults(run=run_list)
    adding = inner.add_parser(
        "add",
        help="take an update: its signed manifest, with the bundle beside it",
        description="Takes the two files that `terminal bundle` wrote, or `python -m "
        "firmware.release` for boards. Nobody is offered the update by that. Updates are taken "
        "from whom the software_keys in hub.toml belong to.",
        epilog=example("software add dist/orderwire-terminal-12-aarch64-py3.11.json --by asha"),
    )
    adding.add_argument("manifest", type=Path, metavar="FILE.json", help="the signed manifest")
    adding.add_argument(
        "--bundle",
        type=Path,
        metavar="FILE",
        help="the bundle; else FILE.ow beside the manifest, or FILE.tar.gz",
    )
    add_by(adding)
    adding.set_defaults(run=run_add)
    showing = inner.add_parser(
        "show",
        help="show an update: how far it is, who failed and why",
        epilog=example(f"software show {_NAME}"),
    )
    showing.set_defaults(run=run_show)
    for step, (text, shown) in _STEPS.items():
        one = inner.add_parser(step, help=text, epilog=example(f"software {shown} --by asha"))
        if step == "offer":
            one.add_argument(
                "--share",
                type=int,
                default=USUAL_SHARE,
                metavar="PERCENT",
                help=f"of the terminals heard in the last day, at least one ({USUAL_SHARE})",
            )
        if step in {"offer", "widen", "resume"}:
            one.add_argument(
                "--limit",
                type=int,
                default=USUAL_LIMIT if step == "offer" else None,
                metavar="N",
                help=f"stop once so many terminals failed ({USUAL_LIMIT}, then as it was)",
            )
        one.add_argument("--reason", default="", metavar="TEXT", help="why, for who looks later")
        add_by(one)
        one.set_defaults(run=run_step, step=step)
    for name in ("show", *_STEPS):
        inner.choices[name].add_argument("update", metavar="NAME", help=f"as listed: {_NAME}")
    for one in inner.choices.values():
        add_folder(one)


def run_list(arguments: argparse.Namespace) -> int:
    """List the updates, and what terminals run."""
    with opened(arguments) as ground, ground.database.read() as connection:
        for row in list_updates(connection, scope=EVERYTHING):
            print(json.dumps(_shown(row)))
        for run in list_runs(connection, scope=EVERYTHING):
            print(json.dumps({"runs": asdict(run)}))
    return 0


def run_add(arguments: argparse.Namespace) -> int:
    """Take an update."""
    manifest: Path = arguments.manifest
    if ending := next((one for one in _BUNDLES if manifest.name.endswith(one)), ""):
        right = manifest.with_name(f"{manifest.name.removesuffix(ending)}.json")
        raise CommandError(f"{manifest} is the bundle: name its manifest, software add {right}")
    bundle: Path = arguments.bundle or _beside(manifest)
    with opened(arguments) as ground:
        by = _by(ground, arguments)
        try:
            with manifest.open("rb") as said, bundle.open("rb") as file:
                content = said.read(MAX_MANIFEST_BYTES + 1)
                name = ground.part(SoftwareActs).add(content, file, by=by)
        except UpdateFault as error:
            raise _told(error) from error
        except OSError as error:
            raise CommandError(f"{error.filename or manifest}: {error.strerror}") from error
    print(name)
    return 0


def _beside(manifest: Path) -> Path:
    """Name the bundle beside a manifest: a board's, or another machine's."""
    boards = manifest.with_suffix(_BOARD)
    return boards if boards.exists() else manifest.with_suffix(_MACHINE)


def run_show(arguments: argparse.Namespace) -> int:
    """Show an update."""
    with opened(arguments) as ground:
        _show(ground, arguments.update)
    return 0


def run_step(arguments: argparse.Namespace) -> int:
    """Take a step with an update."""
    with opened(arguments) as ground:
        by, stage = _by(ground, arguments), ground.part(SoftwareActs).stage
        name, why = arguments.update, arguments.reason
        try:
            match arguments.step:
                case "offer":
                    share, limit = arguments.share, arguments.limit
                    stage.offer(name, share=share, most_failed=limit, why=why, by=by)
                case "widen":
                    stage.widen(name, most_failed=arguments.limit, why=why, by=by)
                case "resume":
                    stage.resume(name, most_failed=arguments.limit, why=why, by=by)
                case "pause":
                    stage.pause(name, why=why, by=by)
                case _:
                    stage.end(name, why=why, by=by)
        except UpdateFault as error:
            raise _told(error) from error
        _show(ground, name)
    return 0


def _by(ground: Ground, arguments: argparse.Namespace) -> Actor:
    account, scope = prove_user(ground, arguments, "software.offer")
    return Actor(account.name, account.roles, scope)


def _told(error: UpdateFault) -> CommandError:
    return CommandError(say_fault(error, PageWords()))


def _show(ground: Ground, name: str) -> None:
    now_ms = ground.clock.now_ms()
    with ground.database.read() as connection:
        found = read_update(connection, name, scope=EVERYTHING)
        if found is None:
            raise _told(UpdateFault("software_unknown", name))
        tries = list_tries(connection, found.update, now_ms=now_ms, most=_MOST, scope=EVERYTHING)
    shown = {**_shown(found), "terminals": [asdict(one) for one in tries]}
    print(json.dumps(shown, ensure_ascii=False))


def _shown(row: UpdateRow) -> dict[str, object]:
    update = asdict(row.update)
    hidden = {"id", "signed", "reach"}
    counts = {"taken": row.taken, "open": row.open, "failed": row.bad, "not_asked": row.unasked}
    return {**{name: value for name, value in update.items() if name not in hidden}, **counts}
