"""A scenario's folder: prepared as a whole, audited as a hub's, never laid over another's hub."""

import json
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from simulators.data import ORDERS, Distributor, read_orders, wholesaler
from simulators.errors import SiteError
from simulators.faults import python_module
from simulators.scenarios.site import Site


@pytest.fixture(scope="module")
def distributor() -> Distributor:
    """Rebuild a small wholesaler."""
    return wholesaler(read_orders(ORDERS).lines[:20], today=date(2026, 11, 2))


def audit(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        python_module("hub", "audit", "--json", "--data", str(folder)),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_folder_of_a_scenario_is_the_one_the_hub_s_audit_takes(
    tmp_path: Path, distributor: Distributor
) -> None:
    Site(tmp_path, say=print).prepare(distributor)

    done = audit(tmp_path)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["clean"]


def test_a_preparation_stopped_half_way_is_made_again(
    tmp_path: Path, distributor: Distributor
) -> None:
    Site(tmp_path, say=print).prepare(distributor)
    (tmp_path / "preparing").mkdir()
    (tmp_path / "first-sign-in.txt").rename(tmp_path / "preparing" / "first-sign-in.txt")
    site = Site(tmp_path, say=print)
    assert not site.is_prepared(distributor)

    site.prepare(distributor)

    assert site.is_prepared(distributor)
    assert site.sign_in()[1]
    assert audit(tmp_path).returncode == 0


def test_a_folder_with_somebody_s_hub_is_left_alone(
    tmp_path: Path, distributor: Distributor
) -> None:
    (tmp_path / "hub.db").write_bytes(b"precious")

    with pytest.raises(SiteError, match="holds a hub of your own"):
        Site(tmp_path, say=print).prepare(distributor)

    assert (tmp_path / "hub.db").read_bytes() == b"precious"


def test_a_folder_of_another_distributor_is_refused(
    tmp_path: Path, distributor: Distributor
) -> None:
    site = Site(tmp_path, say=print)
    site.prepare(distributor)

    with pytest.raises(SiteError, match="name another folder"):
        site.is_prepared(replace(distributor, name="Somebody Else"))
