"""A scenario's folder: prepared as a whole, audited as a hub's, never laid over another's hub."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.errors import SiteError
from tests.builders.hub_commands import run_hub
from tests.fixtures.sites import Wholesaler, plan_site


def test_the_folder_of_a_scenario_is_the_one_the_hub_s_audit_takes(
    tmp_path: Path, small_wholesaler: Wholesaler
) -> None:
    plan_site(tmp_path).prepare(small_wholesaler.distributor)

    done = run_hub(tmp_path, "audit", "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["clean"]


def test_a_preparation_stopped_half_way_is_made_again(
    tmp_path: Path, small_wholesaler: Wholesaler
) -> None:
    site, distributor = small_wholesaler.site(tmp_path), small_wholesaler.distributor
    (tmp_path / "preparing").mkdir()
    (tmp_path / "sign-ins.txt").rename(tmp_path / "preparing" / "sign-ins.txt")
    assert not site.is_prepared(distributor)

    site.prepare(distributor)

    assert site.is_prepared(distributor)
    assert set(site.passwords()) == {"admin", "asha", "meera", "vikram"}
    assert run_hub(tmp_path, "audit", "--json").returncode == 0


def test_a_folder_with_somebody_s_hub_is_left_alone(
    tmp_path: Path, small_wholesaler: Wholesaler
) -> None:
    (tmp_path / "hub.db").write_bytes(b"precious")

    with pytest.raises(SiteError, match="holds a hub of your own"):
        plan_site(tmp_path).prepare(small_wholesaler.distributor)

    assert (tmp_path / "hub.db").read_bytes() == b"precious"


def test_a_folder_of_another_distributor_is_refused(
    tmp_path: Path, small_wholesaler: Wholesaler
) -> None:
    site = small_wholesaler.site(tmp_path)

    with pytest.raises(SiteError, match="name another folder"):
        site.is_prepared(replace(small_wholesaler.distributor, name="Somebody Else"))
