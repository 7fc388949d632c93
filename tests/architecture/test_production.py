"""What is shipped for production speaks of this program: its roles, ports, settings and figures."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast, get_args

import pytest
import yaml

from broker.contract.access import is_hub
from broker.contract.topics import SHARDS
from broker.link import BrokerAddress
from broker.link.hub_link import HubLink
from hub.base.clock import SystemClock
from hub.base.engine.database import open_database
from hub.desk.terminals.acts import TerminalActs
from hub.desk.terminals.intake.intake import Intake
from hub.run.config.settings import PREFIX, Settings, read_settings
from hub.run.operating.figures import figures_of_intake, figures_of_jobs
from hub.run.operating.last_backup import read_last_backup
from hub.run.operating.metrics import figure_of_health, figures_of_process
from hub.run.roles import Role
from tests.architecture.test_docs import COMMANDS
from tests.architecture.test_sizes import ROOT
from tests.builders.hub_commands import run_hub

HERE = ROOT / "production"
UNITS = HERE / "systemd"
PROGRAMS = "/opt/orderwire/current/bin/"
SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
BACKUP = [f"{PROGRAMS}orderwire-hub-backup", "/var/lib/orderwire-hub-backups"]
"""What `production/install` puts beside the programs."""
TAKES_ORDERS = 3
"""Programs of the compose file and of the page that take orders."""


def started(service: str) -> list[str]:
    """Give the words that a unit starts, of the first instance where it has several."""
    lines = re.findall(r"^ExecStart=(.+)$", (UNITS / service).read_text(), flags=re.MULTILINE)
    assert len(lines) == 1
    return str(lines[0]).replace("%i", "1").split()


def parsed(words: list[str]) -> Any:
    """Read a program's words as the program itself does; an unknown one ends the test."""
    name = words[0].removeprefix(PROGRAMS)
    module = SCRIPTS[name].partition(":")[0]
    return import_module(module).parser().parse_args(words[1:])


def read_compose() -> Any:
    """Read the compose file, its variables filled in as its example says."""
    text = (HERE / "compose" / "compose.yaml").read_text()
    example = (HERE / "compose" / "env.example").read_text()
    given = dict(re.findall(r"^(\w+)=(.*)$", example, flags=re.MULTILINE))
    asked = set(re.findall(r"\$\{(\w+)", text))
    assert asked - set(given) == {"PAGES_PORT", "SAFE_PAGES_PORT"}

    def fill(found: re.Match[str]) -> str:
        return given.get(found[1]) or (found[3] if found[2] == ":-" else "given")

    return yaml.safe_load(re.sub(r"\$\{(\w+)(?:(:-|:\?)([^}]*))?\}", fill, text))


COMPOSE: Mapping[str, Any] = read_compose()
OURS = {name: one for name, one in COMPOSE["services"].items() if "build" in one}
RUNS = {name: one for name, one in OURS.items() if "entrypoint" not in one}


def settings_of(service: Mapping[str, Any], folder: Path) -> Settings:
    """Put the settings of a service together as its program does."""
    user = {
        f"{PREFIX}BROKER_USER": Path(name).stem
        for name in service.get("env_file", [])
        if is_hub(Path(name).stem)
    }
    return read_settings({"folder": folder}, {**service["environment"], **user}).settings


def figures() -> set[str]:
    """Name every figure that programs of the hub serve."""
    intake = Intake(cast("TerminalActs", None))  # never started
    link = HubLink(
        BrokerAddress("127.0.0.1", 1),
        user="hub",
        password="",
        client_id="hub",
        birth=bytes,
        will=bytes,
        on_up=intake.deliver,
        on_muted=intake.passed_over,
    )
    database = open_database("sqlite://")
    served = [
        *figures_of_process(),
        *figures_of_intake(intake, link, None),
        *figures_of_jobs(database, SystemClock(), ROOT),
        figure_of_health(list),
    ]
    database.close()
    return {one.name for one in served}


def expressions(value: object) -> Iterator[str]:
    """Give every expression in a document of Grafana or Prometheus."""
    if isinstance(value, dict):
        if isinstance(value.get("expr"), str):
            yield value["expr"]
        for below in value.values():
            yield from expressions(below)
    elif isinstance(value, list):
        for below in value:
            yield from expressions(below)


def named(document: object) -> set[str]:
    """Name the figures that a document asks for."""
    text = " ".join(expressions(document))
    return set(re.findall(r"\b(?:orderwire|process)_\w+", text))


@pytest.mark.parametrize("service", SERVICES)
def test_a_unit_starts_an_installed_program_with_words_that_it_takes(service: str) -> None:
    words = started(service)

    assert words[0].startswith(PROGRAMS)
    assert words == BACKUP or str(parsed(words).data) == "/var/lib/orderwire-hub"


def test_there_is_a_unit_for_each_role_and_each_has_a_port_of_its_own_for_figures() -> None:
    runs = [parsed(words) for one in SERVICES if (words := started(one)) != BACKUP]
    of_hub = [one for one in runs if hasattr(one, "role")]
    apart = [one for one in of_hub if one.role != "all"]
    targets = yaml.safe_load((HERE / "figures" / "targets.yml").read_text())[0]["targets"]
    intake = [f"948{number}" for number in range(1, TAKES_ORDERS + 1)]

    assert {one.role for one in of_hub} == set(get_args(Role))
    assert sorted(
        {f"127.0.0.1:{one.metrics_port}" for one in apart} | {f"127.0.0.1:{p}" for p in intake}
    ) == sorted(targets)


@pytest.mark.needs("systemd")
def test_the_units_are_ones_that_systemd_takes_and_keep_to_their_folder(tmp_path: Path) -> None:
    units = []
    for shipped in [*UNITS.glob("*.*"), *UNITS.glob("*/*.conf")]:
        if shipped.is_file():
            copy = tmp_path / shipped.relative_to(UNITS)
            copy.parent.mkdir(exist_ok=True)
            program = str(Path(sys.executable).parent) + "/"
            # Whichever program is there: what is asked is whether systemd reads the rest.
            text = re.sub(re.escape(PROGRAMS) + r"[a-z-]+", program + "python", shipped.read_text())
            copy.write_text(text)
            units += [copy] if copy.parent == tmp_path else []

    checked = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    services = [one for one in units if one.suffix == ".service"]
    closed = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", *services],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.returncode, checked.stderr) == (0, "")
    assert closed.returncode == 0, closed.stdout[-300:]


def test_the_compose_file_runs_every_role_with_settings_that_there_are(tmp_path: Path) -> None:
    runs = {
        name: parsed([f"{PROGRAMS}orderwire-hub", *one["command"]]) for name, one in RUNS.items()
    }
    settings = {name: settings_of(one, tmp_path) for name, one in RUNS.items()}
    roles = [one.role for one in runs.values()]
    users = [settings[name].broker_user for name, one in runs.items() if one.role == "intake"]

    assert sorted(roles) == ["intake"] * TAKES_ORDERS + ["jobs", "web"]
    assert users == [f"hub-{number}" for number in range(1, TAKES_ORDERS + 1)]
    assert {one.database_file for one in settings.values()} == {None}
    assert all(one.public_url for one in settings.values())


def test_the_compose_file_s_broker_is_where_programs_and_terminals_look_for_it(
    tmp_path: Path,
) -> None:
    broker = OURS["broker"]
    run = parsed([broker["entrypoint"][0], *broker["command"]])
    web = settings_of(RUNS["web"], tmp_path)

    assert (run.port, broker["ports"]) == (web.broker_port, [f"{run.port}:{run.port}"])
    assert broker["networks"]["default"]["aliases"] == [web.broker_host]
    assert Path(web.broker_ca).parent == run.tls[0].parent == run.tls[1].parent
    assert any(str(run.tls[0].parent) in one for one in broker["volumes"])


def test_what_watches_the_compose_file_s_programs_asks_where_they_answer() -> None:
    targets = yaml.safe_load((HERE / "figures" / "targets.compose.yml").read_text())[0]["targets"]
    served = {
        f"{name}:{parsed(['orderwire-hub', *one['command']]).metrics_port}"
        for name, one in RUNS.items()
    }

    assert set(targets) == served
    port = targets[0].partition(":")[2]
    asked = {
        one["healthcheck"]["test"][-1].count(f"127.0.0.1:{port}/health") for one in RUNS.values()
    }
    assert asked == {1}
    hosts = {one["environment"][f"{PREFIX}METRICS_HOST"] for one in RUNS.values()}
    assert hosts == {"0.0.0.0"}  # noqa: S104  # inside of the compose file's own network


def test_every_file_that_the_compose_file_and_its_image_name_is_there() -> None:
    places = [
        one.split(":")[0]
        for service in COMPOSE["services"].values()
        for one in service.get("volumes", [])
        if one.startswith("..")
    ]
    image = (HERE / "compose" / "Dockerfile").read_text()
    lines = re.findall(r"^COPY (.+) \S+$", image, re.MULTILINE)
    copied = [word for line in lines for word in line.split()]
    volumes = {
        one.split(":")[0]
        for service in COMPOSE["services"].values()
        for one in service.get("volumes", [])
        if not one.startswith(".")
    }

    assert [one for one in places if not (HERE / "compose" / one).resolve().is_file()] == []
    assert [one for one in copied if not (ROOT / one).exists()] == []
    assert volumes == set(COMPOSE["volumes"])


def test_dashboard_and_alerts_ask_for_figures_that_are_served_and_leave_none_out() -> None:
    dashboard = json.loads((HERE / "figures" / "dashboard.json").read_text())
    alerts = yaml.safe_load((HERE / "figures" / "alerts.yml").read_text())
    served = figures()

    assert named(dashboard) == served
    assert named(alerts) <= served
    assert f"sum(orderwire_shards_held) < {SHARDS}" in list(expressions(alerts))


def test_panels_stand_beside_one_another_and_each_says_what_it_shows() -> None:
    panels = json.loads((HERE / "figures" / "dashboard.json").read_text())["panels"]
    squares = [
        (x, y)
        for one in panels
        for x in range(one["gridPos"]["x"], one["gridPos"]["x"] + one["gridPos"]["w"])
        for y in range(one["gridPos"]["y"], one["gridPos"]["y"] + one["gridPos"]["h"])
    ]

    assert len(squares) == len(set(squares))
    assert max(x for x, _ in squares) < 24
    assert len({one["id"] for one in panels}) == len(panels)
    assert all(one["title"] and one["description"] for one in panels)


def test_commands_and_files_that_the_page_and_the_alerts_name_are_there() -> None:
    page = (ROOT / "docs" / "production.md").read_text()
    text = page + (HERE / "figures" / "alerts.yml").read_text()
    commands = set(re.findall(r"(?:`|/bin/|jobs )orderwire-(hub|broker) ([a-z-]+)", text))
    # The page's own short word for the hub's command line.
    commands |= set(re.findall(r"(?:^|`|&& )(hub) ([a-z][a-z-]+)", page, re.MULTILINE))
    files = set(re.findall(r"\bproduction/[\w./@-]+", page))

    assert sorted(f"{a} {b}" for a, b in commands if f"{a} {b}" not in COMMANDS) == []
    assert sorted(one for one in files if not (ROOT / one.rstrip(".")).exists()) == []
    assert sorted(one for one in SERVICES if one.removesuffix(".service") not in page) == []


def test_the_settings_that_the_page_shows_are_settings(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "production.md").read_text()
    (block,) = re.findall(r"```toml\n(.+?)```", page, flags=re.DOTALL)
    (tmp_path / "hub.toml").write_text(block)
    broker = parsed(started("orderwire-hub-broker.service"))

    settings = read_settings({"folder": tmp_path}, {}).settings

    assert settings.database_file is None
    assert settings.broker_port == broker.port
    assert Path(settings.broker_ca).parent == broker.tls[0].parent


def test_a_backup_of_sqlite_is_one_that_the_hub_knows_of(tmp_path: Path) -> None:
    folder, to = tmp_path / "files", tmp_path / "backups"
    to.mkdir()
    run_hub(folder, "user", "add", "asha", "--role", "owner")
    program = tmp_path / "orderwire-hub"
    program.write_text(f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m hub "$@"\n')
    program.chmod(0o755)
    script = tmp_path / "orderwire-hub-backup"
    script.write_text((HERE / "backup").read_text())

    done = subprocess.run(
        ["sh", script, to],
        env={**os.environ, f"{PREFIX}FOLDER": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    last = read_last_backup(folder)
    assert last is not None
    assert [str(one) for one in to.iterdir()] == [last.file]


@pytest.mark.parametrize("script", ["install", "backup"])
def test_a_script_is_one_that_a_shell_reads(script: str) -> None:
    read = subprocess.run(["sh", "-n", HERE / script], capture_output=True, check=False)

    assert (read.returncode, read.stderr) == (0, b"")
