"""One hub as several processes on one database: pages, orders and jobs apart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.market import write_pack
from tests.builders.page_stream import Stream
from tests.fixtures.databases import begin_folder
from tests.fixtures.hub_process import Counter, HubProcess, write_distributor
from tests.fixtures.printers import eventually
from tests.integration.hub.test_hub_process import order

pytestmark = pytest.mark.needs("mosquitto")
PASSWORD = "a long password"


@pytest.fixture
def parts(tmp_path: Path, sqlite_template: Path) -> Iterator[dict[str, HubProcess]]:
    """Load a hub, and start it as three processes."""
    begin_folder(tmp_path / "files", sqlite_template)
    started = {role: HubProcess(tmp_path) for role in ("web", "intake", "jobs")}
    web, intake = started["web"], started["intake"]
    folder = write_distributor(tmp_path / "shop")
    loading = web.command("load", str(folder), "--broker-port", str(intake.port))
    assert loading.returncode == 0, loading.stderr
    for name, role in (("asha", "manager"), ("ravi", "admin")):
        added = ("user", "add", name, "--role", role, "--password-stdin")
        assert web.command(*added, typed=f"{PASSWORD}\n").returncode == 0
    try:
        web.start("web")
        (tmp_path / "files" / "hub.toml").write_text(f'public_url = "{web.ready["http"]}"\n')
        intake.start("intake")
        started["jobs"].start("jobs")
        yield started
    finally:
        for one in started.values():
            one.clean_up()


def test_an_order_taken_by_one_process_is_shown_by_another_at_once(
    parts: dict[str, HubProcess],
) -> None:
    web, intake = parts["web"], parts["intake"]
    page = Stream(web.ready["http"], "asha", PASSWORD)
    shop = Counter(intake, "shop-2")

    shop.send(order("shop-2", 1))
    shop.wait_answered(1)
    heard = page.event_of("orders")
    page.close()
    shop.close()

    assert heard["event"] == "orders"
    assert "broker" not in web.ready
    assert "http" not in intake.ready
    assert intake.command("audit").returncode == 0


def test_a_draft_in_shadow_is_looked_after_by_the_process_for_jobs(
    parts: dict[str, HubProcess], tmp_path: Path
) -> None:
    intake = parts["intake"]
    draft = tmp_path / "draft"
    draft.mkdir()
    write_pack(draft, version=2, soap="12.00")
    for step in (("add", str(draft)), ("shadow", "2", "--begin")):
        done = intake.command(
            "pack", *step, "--by", "asha", "--password-stdin", typed=f"{PASSWORD}\n"
        )
        assert done.returncode == 0, done.stderr
    shop = Counter(intake, "shop-2")
    shop.send(order("shop-2", 1))
    shop.wait_answered(1)

    def shadowed() -> bool:
        return '"orders": 1' in intake.command("pack", "shadow", "2", "--json").stdout

    eventually(shadowed, "the order in shadow")
    shop.close()


def test_orders_are_taken_by_one_process_alone(parts: dict[str, HubProcess]) -> None:
    second = parts["web"].command("run", "--role", "intake", "--broker-port", "0")

    assert second.returncode == 2
    assert "another hub runs on these files" in second.stderr


def test_who_takes_orders_has_to_know_where_the_pages_are(tmp_path: Path) -> None:
    alone = HubProcess(tmp_path).command("run", "--role", "intake", "--broker-port", "0")

    assert alone.returncode == 2
    assert "set public_url in hub.toml" in alone.stderr
