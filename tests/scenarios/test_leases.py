"""Two counters whose hub is gone, and a scheme that holds for one order in all."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from simulators.data import ORDERS, gathered, read_orders, terminal_of, wholesaler
from simulators.scenarios.daemon import DaemonCounter
from simulators.scenarios.evidence import settle
from tests.fixtures.sites import ask_hub, plan_site

pytestmark = [pytest.mark.needs("mosquitto"), pytest.mark.timeout(300)]

HELD_BACK = "the budget of ONCE is used up here until the hub answers"
RULES = """
schemes:
  - id: ONCE
    when: {{sku: {skus}}}
    count: {{over: line, of: qty}}
    slabs: [{{from: 1, percent: 50}}]
    limit: {{total: 1}}
"""


def test_counters_without_their_hub_never_both_show_the_last_of_a_scheme(tmp_path: Path) -> None:
    lines = read_orders(ORDERS).lines[:60]
    picks = {terminal_of(order.customer): order.picks[0] for order in gathered(lines)}
    names = sorted(picks)[:2]
    distributor = wholesaler(lines, today=datetime.now(UTC).date())
    pack = copytree(distributor.pack, tmp_path / "rules")
    skus = json.dumps(sorted({picks[name].sku for name in names}))
    (pack / "once.yaml").write_text(RULES.format(skus=skus))
    site = plan_site(tmp_path / "site")
    site.prepare(replace(distributor, pack=pack))
    counters = [DaemonCounter(name, site.paths, broker_port=site.broker_port) for name in names]

    with site, counters[0], counters[1]:
        for counter in counters:
            counter.ready()
        listed = [json.loads(line) for line in ask_hub(site, "leases", "--json").splitlines()]
        (holder,) = [one["terminal"] for one in listed if one["rule"] == "ONCE"]
        told = ask_hub(site, "leases")
        site.hub.kill()
        seen: dict[str, list[list[str]]] = {}
        for counter in counters:
            counter.until(lambda state: state["link"] != "online", "seeing the hub leave")
            for _ in range(2):
                counter.scan_products([picks[counter.id]])
                seen.setdefault(counter.id, []).append(counter.state()["held_back"])
                counter.submit(1)
        site.hub.start()
        for counter in counters:
            counter.quiet()
        audit = ask_hub(site, "audit")
    settlement = settle(site, counters)

    (other,) = set(names) - {holder}
    assert seen == {holder: [[], [HELD_BACK]], other: [[HELD_BACK], [HELD_BACK]]}
    assert settlement.complaints() == ()
    assert f"{holder:<16} ONCE total: 1 of 1 uses, until " in told
    assert "leases_bounded" in audit
