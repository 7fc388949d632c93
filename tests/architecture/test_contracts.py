"""The import contracts hold, and each reports what it is there for: imports are planted to see."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.test_sizes import PACKAGES, ROOT, tracked

NOUNS: Final = "Hub: a noun stands above the nouns it uses"
KINDS: Final = "Hub: the kinds inside every noun; (x) may be absent"
HOUSE: Final = "Hub: run above desk, above the page frame, above the base"
PURE: Final = "Hub: models are pure"
CHANGES: Final = "Hub: changes of fields and the house's money are pure"
PAGELESS: Final = "Hub: whatever acts, stores or reads knows no page, of no noun"
ACTS: Final = "Hub: no act calls an act"
SQL: Final = "Hub: pages, api and commands write no SQL"
WIRE: Final = "Hub: only terminals and run know the wire"
CIRCLES: Final = "Hub: no circles among neighbours"

DESK: Final = "hub.desk"
PLANTED: Final[tuple[tuple[str, str, str], ...]] = (
    (HOUSE, "hub.base.money", "hub.web.formats"),
    (HOUSE, "hub.base.ids", f"{DESK}.people.model"),
    (HOUSE, "hub.web.site", f"{DESK}.orders.reads.listing"),
    (HOUSE, f"{DESK}.orders.parts", "hub.run.config"),
    (NOUNS, f"{DESK}.stock.store", f"{DESK}.accounts.store"),
    (NOUNS, f"{DESK}.accounts.model", f"{DESK}.schemes.model"),
    (NOUNS, f"{DESK}.parties.store", f"{DESK}.orders.store"),
    (NOUNS, f"{DESK}.people.model", f"{DESK}.parties.model"),
    (NOUNS, f"{DESK}.orders.store", f"{DESK}.terminals.store.outbox"),
    (NOUNS, f"{DESK}.approvals.store", f"{DESK}.terminals.store.notices"),
    (NOUNS, f"{DESK}.orders.deciding.placing", f"{DESK}.approvals.store"),
    (KINDS, f"{DESK}.orders.model.life", f"{DESK}.orders.words"),
    (KINDS, f"{DESK}.orders.words", f"{DESK}.orders.tables"),
    (KINDS, f"{DESK}.rulepacks.reads", f"{DESK}.rulepacks.store.versions"),
    (KINDS, f"{DESK}.orders.store", f"{DESK}.orders.deciding.rows"),
    (KINDS, f"{DESK}.orders.deciding.rows", f"{DESK}.orders.acts.hold_order"),
    (KINDS, f"{DESK}.terminals.intake.intake", f"{DESK}.terminals.pages.messages"),
    (KINDS, f"{DESK}.people.acts.sign_in", f"{DESK}.people.parts"),
    (PURE, f"{DESK}.orders.model.decide", "sqlalchemy"),
    (PURE, f"{DESK}.people.model", "pydantic"),
    (PURE, f"{DESK}.terminals.model", "broker.contract"),
    (PURE, f"{DESK}.stock.model", "hub.base.listing"),
    (PURE, f"{DESK}.schemes.model", "hub.web.formats"),
    (CHANGES, "hub.base.fields.changing", "sqlalchemy"),
    (CHANGES, "hub.base.money", "sqlalchemy"),
    (PAGELESS, f"{DESK}.orders.acts.hold_order", "fastapi"),
    (PAGELESS, f"{DESK}.orders.reads.listing", "hub.web.formats"),
    (PAGELESS, f"{DESK}.approvals.reads", f"{DESK}.orders.pages.orders"),
    (PAGELESS, f"{DESK}.terminals.store.inbox", f"{DESK}.orders.parts"),
    (ACTS, f"{DESK}.orders.acts.amend_order", f"{DESK}.orders.acts.hold_order"),
    (ACTS, f"{DESK}.approvals.acts.offer_order", f"{DESK}.orders.acts.cancel_order"),
    (SQL, f"{DESK}.orders.pages.orders", "sqlalchemy"),
    (SQL, f"{DESK}.rulepacks.commands.reports", "sqlmodel"),
    (WIRE, f"{DESK}.orders.acts.place_order", "broker.contract"),
    (WIRE, "hub.web.live", "broker.contract"),
    (WIRE, "hub.base.ids", "broker"),
)
"""Contract, and an import that breaks it."""


def hub_contracts() -> str:
    """Write a configuration with the contracts of the hub alone."""
    text = (ROOT / "pyproject.toml").read_text()
    heading = "[[tool.importlinter.contracts]]\n"
    parts = [part.partition("\n[tool.")[0] for part in text.split(heading)[1:]]
    contracts = [heading + part for part in parts if part.startswith('name = "Hub: ')]
    roots = f"root_packages = {list(PACKAGES)}\ninclude_external_packages = true\n"
    return f"[tool.importlinter]\n{roots}\n" + "".join(contracts)


def build(folder: Path, planted: Mapping[str, list[str]]) -> None:
    """Write every module of the hub, empty but for what is planted in it."""
    names = [str(path.relative_to(ROOT)) for path in tracked("hub/*.py")]
    names += [f"{package}/__init__.py" for package in PACKAGES] + ["broker/contract/__init__.py"]
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        path.write_text("".join(f"import {one}\n" for one in planted.get(module, ())))
    (folder / "pyproject.toml").write_text(hub_contracts())


def lint(folder: Path) -> str:
    """Check the contracts of a tree; gives what was said, on one line for each finding."""
    program = "import sys; from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        env={"COLUMNS": "500", "NO_COLOR": "1", "PATH": "", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def findings(report: str) -> dict[str, str]:
    """Give what is said of each broken contract."""
    told = report.partition("Broken contracts")[2]
    found = re.split(r"^(.+)\n-{3,}\n", told, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_every_contract_of_the_house_is_kept() -> None:
    report = lint(ROOT)

    assert re.search(r"Contracts: \d+ kept, 0 broken", report), report


def test_a_tree_without_planted_imports_keeps_all_contracts(tmp_path: Path) -> None:
    build(tmp_path, {})

    written = tomllib.loads(hub_contracts())["tool"]["importlinter"]["contracts"]
    planted = {contract for contract, _, _ in PLANTED}
    assert {one["name"] for one in written} == planted | {CIRCLES}
    assert f"Contracts: {len(written)} kept, 0 broken" in lint(tmp_path)


@pytest.mark.parametrize("contract", dict.fromkeys(one for one, _, _ in PLANTED))
def test_every_planted_import_is_reported(contract: str, tmp_path: Path) -> None:
    planted: dict[str, list[str]] = {}
    wrong = [(importer, imported) for one, importer, imported in PLANTED if one == contract]
    for importer, imported in wrong:
        planted.setdefault(importer, []).append(imported)
    build(tmp_path, planted)

    report = lint(tmp_path)

    told = findings(report).get(contract, "")
    missing = [pair for pair in wrong if not re.search(rf"{pair[0]} -> {pair[1]}\b", told)]
    assert missing == [], report


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hub.base.ids", "hub.base.clock"),
        ("hub.web.formats", "hub.web.live"),
        ("hub.run.config", "hub.run.signing"),
    ],
)
def test_a_planted_circle_is_reported(one: str, other: str, tmp_path: Path) -> None:
    build(tmp_path, {one: [other], other: [one]})

    told = findings(lint(tmp_path))

    first, second = (f".{name.rpartition('.')[2]}" for name in (one, other))
    assert list(told) == [CIRCLES]
    assert f"No cycles are allowed in {one.rpartition('.')[0]}." in told[CIRCLES]
    assert f"{first} -> {second}" in told[CIRCLES] or f"{second} -> {first}" in told[CIRCLES]


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("hub/services/__init__.py", "hub.services"),
        ("hub/desk/promotions/parts.py", "hub.desk.promotions"),
        ("hub/desk/parties/util.py", "hub.desk.parties.util"),
        ("hub/desk/stock/deciding_rules.py", "hub.desk.stock.deciding_rules"),
    ],
)
def test_a_folder_noun_or_kind_without_a_place_is_reported(
    module: str, words: str, tmp_path: Path
) -> None:
    build(tmp_path, {})
    for package in (tmp_path / module).parents[: len(Path(module).parents) - 1]:
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
    (tmp_path / module).touch()

    report = lint(tmp_path)

    assert "0 broken" not in report
    assert words in report


def test_a_noun_that_brings_no_parts_is_reported(tmp_path: Path) -> None:
    build(tmp_path, {})
    (tmp_path / "hub" / "desk" / "stock" / "parts.py").unlink()

    report = lint(tmp_path)

    assert "hub.desk.stock.parts" in report
    assert "0 broken" not in report
