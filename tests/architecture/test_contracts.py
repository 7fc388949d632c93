"""The contracts of imports find what they are there for: each of these faults is reported."""

from copy import deepcopy
from pathlib import Path
from typing import Final

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.contract import Contract

ROOT: Final = Path(__file__).parents[2]
KINDS: Final[dict[str, type[Contract]]] = {
    "acyclic_siblings": AcyclicSiblingsContract,
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}

LAYERS = "Hub: run above desk, above the page frame, above the base"
NOUNS = "Hub: a noun stands above the nouns it uses"
INSIDE = "Hub: the kinds inside every noun; (x) may be absent"
MODELS = "Hub: models are pure"
BELOW_PAGES = "Hub: whatever acts, stores or reads knows no page, of no noun"
ACTS = "Hub: no act calls an act"
NO_SQL = "Hub: pages, api and commands write no SQL"
WIRE = "Hub: only terminals and run know the wire"
CIRCLES = "Hub: no circles among neighbours"

IMPORTS: Final = [
    ("The house: simulators above terminal and hub, above broker and rules", "terminal", "hub"),
    ("The house: simulators above terminal and hub, above broker and rules", "hub", "simulators"),
    ("Simulators talk to the hub over MQTT and HTTP only", "simulators.errors", "hub.base.money"),
    ("A terminal carries none of the hub's libraries", "terminal.core", "sqlalchemy"),
    (LAYERS, "hub.desk.orders.parts", "hub.run.config"),
    (LAYERS, "hub.web.pages", "hub.run.config"),
    (LAYERS, "hub.web.pages", "hub.desk.orders.parts"),
    (LAYERS, "hub.base.money", "hub.desk.orders.words"),
    (LAYERS, "hub.base.money", "hub.web.formats"),
    (NOUNS, "hub.desk.people.store", "hub.desk.parties.store"),
    (NOUNS, "hub.desk.parties.store", "hub.desk.products.store"),
    (NOUNS, "hub.desk.products.store", "hub.desk.rulepacks.store"),
    (NOUNS, "hub.desk.rulepacks.reads", "hub.desk.orders.reads"),
    (NOUNS, "hub.desk.stock.store", "hub.desk.accounts.store"),
    (NOUNS, "hub.desk.accounts.store", "hub.desk.schemes.store"),
    (NOUNS, "hub.desk.schemes.store", "hub.desk.orders.store"),
    (NOUNS, "hub.desk.orders.store", "hub.desk.terminals.store"),
    (NOUNS, "hub.desk.orders.store", "hub.desk.invoices.store"),
    (NOUNS, "hub.desk.terminals.store", "hub.desk.approvals.store"),
    (NOUNS, "hub.desk.approvals.store", "hub.desk.terminals.store"),
    (INSIDE, "hub.desk.orders.pages", "hub.desk.orders.parts"),
    (INSIDE, "hub.desk.orders.pages", "hub.desk.orders.commands"),
    (INSIDE, "hub.desk.orders.acts", "hub.desk.orders.pages"),
    (INSIDE, "hub.desk.orders.deciding", "hub.desk.orders.acts"),
    (INSIDE, "hub.desk.orders.store", "hub.desk.orders.deciding"),
    (INSIDE, "hub.desk.orders.reads", "hub.desk.orders.store"),
    (INSIDE, "hub.desk.orders.promises", "hub.desk.orders.reads"),
    (INSIDE, "hub.desk.orders.tables", "hub.desk.orders.store"),
    (INSIDE, "hub.desk.terminals.wire", "hub.desk.terminals.store"),
    (INSIDE, "hub.desk.orders.model", "hub.desk.orders.words"),
    (MODELS, "hub.desk.orders.model", "sqlalchemy"),
    (MODELS, "hub.desk.orders.model", "hub.base.money"),
    (MODELS, "hub.desk.orders.model", "hub.desk.stock.store"),
    (BELOW_PAGES, "hub.desk.orders.acts", "fastapi"),
    (BELOW_PAGES, "hub.desk.orders.reads", "hub.web.formats"),
    (BELOW_PAGES, "hub.desk.terminals.store", "hub.desk.orders.pages"),
    (ACTS, "hub.desk.orders.acts.cancel_order", "hub.desk.orders.acts.place_order"),
    (ACTS, "hub.desk.approvals.acts.release_order", "hub.desk.orders.acts.place_order"),
    (NO_SQL, "hub.desk.orders.pages", "sqlalchemy"),
    (NO_SQL, "hub.desk.orders.commands", "sqlalchemy"),
    (WIRE, "hub.desk.orders.acts", "broker.contract"),
    (WIRE, "hub.web.pages", "broker.contract"),
    (CIRCLES, "hub.base.clock", "hub.base.ground"),
    (CIRCLES, "hub.web.live", "hub.web.site"),
    (CIRCLES, "hub.run.config", "hub.run.bootstrap"),
]
"""The contract, and the import that it must report."""

PLACES: Final = [
    (LAYERS, "hub.exports"),
    (NOUNS, "hub.desk.claims"),
    (INSIDE, "hub.desk.parties.tools"),
]
"""The contract, and the module or folder that it must report as one without a place."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Read who imports whom in the product."""
    options = read_configuration(str(ROOT / "pyproject.toml"))["session_options"]
    return grimp.build_graph(
        *options["root_packages"], include_external_packages=True, cache_dir=None
    )


def contract(name: str) -> Contract:
    """Make a contract as the project declares it."""
    declared = read_configuration(str(ROOT / "pyproject.toml"))
    (options,) = (one for one in declared["contracts_options"] if one["name"] == name)
    kind = KINDS[options["type"]]
    return kind(name, declared["session_options"], options)


def with_folders(module: str) -> list[str]:
    """Name a module of the hub and the folders it is in, as there may be none of them yet."""
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(2, len(parts) + 1) if parts[0] == "hub"]


def keeps(graph: grimp.ImportGraph, name: str) -> bool:
    """Say whether the modules keep a contract; a check changes the graph that it is given."""
    return contract(name).check(deepcopy(graph), verbose=False).kept


@pytest.mark.parametrize(("name", "importer", "imported"), IMPORTS)
def test_a_wrong_import_is_reported(
    graph: grimp.ImportGraph, name: str, importer: str, imported: str
) -> None:
    planted = deepcopy(graph)
    for module in with_folders(imported):
        planted.add_module(module)
    planted.add_import(importer=importer, imported=imported)

    assert keeps(graph, name)
    assert not keeps(planted, name)


@pytest.mark.parametrize(("name", "module"), PLACES)
def test_a_module_without_a_place_is_reported(
    graph: grimp.ImportGraph, name: str, module: str
) -> None:
    planted = deepcopy(graph)
    planted.add_module(module)

    assert not keeps(planted, name)


def test_a_noun_without_parts_is_reported(graph: grimp.ImportGraph) -> None:
    planted = deepcopy(graph)
    planted.remove_module("hub.desk.people.parts")

    with pytest.raises(ValueError, match=r"hub\.desk\.people\.parts"):
        keeps(planted, INSIDE)


def test_every_contract_of_the_hub_is_tried_with_a_fault() -> None:
    declared = read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"]
    hub = {one["name"] for one in declared if one["name"].startswith("Hub: ")}

    assert hub - {name for name, *_ in IMPORTS} == set()
