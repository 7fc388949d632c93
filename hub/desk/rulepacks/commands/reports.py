"""`pack list`, `show`, `shadow` and `effect`: what is known of versions."""

import argparse
import json
from dataclasses import asdict
from typing import Any

from hub.base.commands import CommandError, opened
from hub.base.engine import Connection
from hub.base.ground import Ground
from hub.desk.parties.reads import read_distributor
from hub.desk.rulepacks.acts import PackActs
from hub.desk.rulepacks.acts.foresee_pack import tell_effect
from hub.desk.rulepacks.commands.words import list_in_words, shadow_in_words, version_in_words
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.reads import PackDetail, list_packs, read_pack_version, read_shadow
from hub.desk.rulepacks.words import tell_why, why_refused
from rules import PackLoadError
from rules.tools.replay.changes import Comparison
from rules.tools.replay.telling import told


def run_list(arguments: argparse.Namespace) -> int:
    """List the versions."""
    with opened(arguments) as ground:
        now_ms = ground.clock.now_ms()
        with ground.database.read() as connection:
            rows = list_packs(connection, now_ms)
            zone = read_distributor(connection).zone
    if arguments.json:
        for row in rows:
            print(json.dumps({"state": row.state, **asdict(row.version)}))
    else:
        print("\n".join(list_in_words(rows, zone)))
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Tell of one version."""
    number: int = arguments.version
    with opened(arguments) as ground, ground.database.read() as connection:
        found = _found(connection, number, ground.clock.now_ms())
        zone = read_distributor(connection).zone
    document = {"state": found.row.state, **asdict(found)}
    return _tell(arguments, document, "\n".join(version_in_words(found, zone)))


def tell_shadow(arguments: argparse.Namespace) -> int:
    """Tell what a draft in shadow would have done."""
    number: int = arguments.version
    with opened(arguments) as ground, ground.database.read() as connection:
        found = _found(connection, number, ground.clock.now_ms())
        report = read_shadow(connection, found.row.version)
    document = asdict(report) if report else {"version": number, "orders": 0}
    return _tell(arguments, document, "\n".join(shadow_in_words(number, report)))


def run_effect(arguments: argparse.Namespace) -> int:
    """Tell what a version makes of past orders."""
    with opened(arguments) as ground:
        comparison = foreseen(ground, arguments)
    document = asdict(comparison) if comparison else None
    return _tell(arguments, document, effect_in_full(comparison))


def _tell(arguments: argparse.Namespace, document: dict[str, Any] | None, text: str) -> int:
    """Print what was found, as JSON where that was asked for."""
    print(json.dumps(document) if arguments.json else text)
    return 0


def _found(connection: Connection, number: int, now_ms: int) -> PackDetail:
    found = read_pack_version(connection, number, now_ms)
    if found is None:
        raise CommandError(f"there is no version {number}")
    return found


def foreseen(ground: Ground, arguments: argparse.Namespace) -> Comparison | None:
    """Decide past orders again; raises CommandError."""
    try:
        return ground.part(PackActs).foresee(arguments.version, orders=arguments.orders)
    except (PackStepError, PackLoadError) as error:
        raise CommandError(why_refused(error)) from error


def effect_in_full(comparison: Comparison | None) -> str:
    """Write all of a comparison, a line for each thing to know."""
    return tell_why("", tell_effect(None)) if comparison is None else "\n".join(told(comparison))
