"""Commands for who writes rules: lint, and the schemas of what the commands read and print."""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from rules import load_pack
from rules.commands.files import packed_at, with_sources
from rules.commands.running import FAULTS, OK, Command, StopError
from rules.tools.lint.catalogue import CatalogueError, read_catalogue
from rules.tools.lint.linting import lint
from rules.tools.lint.places import Places
from rules.tools.schema.documents import write
from rules.tools.schema.reference import reference, sections
from rules.tools.schema.schemas import DOCUMENTS, RULE_FILE, schema_of


def _lint(chosen: argparse.Namespace) -> int:
    packed = packed_at(chosen.pack)
    try:
        catalogue = read_catalogue(chosen.products, chosen.customers, chosen.warehouses)
    except CatalogueError as error:
        raise StopError(str(error)) from error
    pack = load_pack(packed)
    folder = chosen.pack if chosen.pack.is_dir() else None
    found = lint(
        json.loads(packed),
        pack,
        on=chosen.on,
        catalogue=catalogue,
        places=None if folder is None else Places(folder),
    )
    if chosen.json:
        print(write(found))
    else:
        told = map(str, found.findings)
        for finding in told if folder is None else with_sources(told, folder):
            print(finding)
        for note in found.notes:
            print(f"note: {note}")
        print(
            f"{pack.name} {pack.version}: errors {found.errors}, warnings {found.warnings}, "
            f"allowed {found.allowed}"
        )
    return FAULTS if found.errors else OK


def _schema(chosen: argparse.Namespace) -> int:
    print(json.dumps(schema_of(chosen.document), indent=2))
    return OK


def _keys(chosen: argparse.Namespace) -> int:
    print(reference(chosen.section or ""), end="")
    return OK


def _takes_section(command: argparse.ArgumentParser) -> None:
    text = "a section of rule files; all of them otherwise"
    command.add_argument("section", nargs="?", choices=sections(), help=text)


def _takes_document(command: argparse.ArgumentParser) -> None:
    command.add_argument("document", choices=(*DOCUMENTS, RULE_FILE), help="what to describe")


def _takes_day(command: argparse.ArgumentParser) -> None:
    command.add_argument("pack", type=Path, help="folder of rule files, or a packed file")
    command.add_argument(
        "--on",
        type=date.fromisoformat,
        default=datetime.now(tz=UTC).date(),
        metavar="DAY",
        help="the day that tells what has expired, such as 2026-04-01; today otherwise",
    )
    command.add_argument(
        "--products",
        type=Path,
        metavar="FILE.csv",
        help="all products, with the columns sku, category, brand, tax_class and perhaps cost",
    )
    command.add_argument(
        "--customers",
        type=Path,
        metavar="FILE.csv",
        help="all customers, with the columns id, type and geo",
    )
    command.add_argument(
        "--warehouses", type=Path, metavar="FILE.csv", help="all warehouses, with the column code"
    )
    command.add_argument("--json", action="store_true", help="print every doubt with its place")


COMMANDS: Final[Mapping[str, Command]] = {
    "lint": Command(
        _lint,
        "doubt what is allowed and still looks wrong: rules that never hold or never win",
        "rules/packs/fmcg --on 2026-04-01",
        _takes_day,
    ),
    "keys": Command(
        _keys,
        "say what each key of a rule file takes and means",
        "allocation",
        _takes_section,
    ),
    "schema": Command(
        _schema,
        "print the JSON Schema of a document, or of rule files",
        "order",
        _takes_document,
    ),
}
