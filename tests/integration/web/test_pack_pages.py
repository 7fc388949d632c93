"""Rules that are changed on a page are held against the hub's own goods, places and people."""

import re
from collections.abc import Callable
from pathlib import Path

from fastapi.testclient import TestClient

from hub.desk.rulepacks.acts.check_files import check_folder
from tests.builders.market import Market, write_pack
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import Role
from tests.integration.web.test_customer_pages import words

NOT_HERE = (
    "approvals: [{id: AP, on: below_floor, levels: [{any_of: [manger, manager], up_to: 5.00},"
    " {role: suply_head}]}]\n"
)
AGREED = """
prices:
  - {id: OWN, level: customer, when: {customer: C1}, rates: {RICE: 90.00}}
limits:
  - {id: MOST, when: {customer: C1}, limit: 5000.00}
"""


def test_what_the_hub_does_not_have_is_told_on_the_page_and_mistakes_are_not_kept(
    sign_in: Callable[[Role], TestClient], market: Market, tmp_path: Path
) -> None:
    write_pack(tmp_path, version=2)
    market.packs.add(check_folder(tmp_path), by="writer")
    market.packs.publish(2, by="asha")
    market.change("UPDATE product SET active = false WHERE sku = 'TEA'")
    rules = (tmp_path / "pack.yaml").read_text().replace("version: 2", "version: 3")
    client = sign_in("sales")

    def send(text: str) -> tuple[int, str]:
        said = {"file.pack.yaml": text, "do": "keep", "why": "a test"}
        answer = client.post("/packs/2/edit", data=said, follow_redirects=True)
        return answer.status_code, words(answer.text)

    mistaken, told = send(rules.replace("sku: RICE", "sku: RIEC"))
    doubted, shown = send(rules.replace("fefo", "fefo, warehouses: [MIAN]") + NOT_HERE)

    assert mistaken == 422
    assert "sku 'RIEC' is not in the catalogue; did you mean 'RICE'? [unknown_sku]" in told
    assert doubted == 200
    assert "there is no warehouse 'MIAN'; did you mean 'MAIN'?" in shown
    assert "nobody has the role suply_head" in shown
    assert "role manger" not in shown
    assert "sku 'TEA'" not in shown
    assert market.rows("SELECT version FROM rule_pack ORDER BY version") == [(1,), (2,), (3,)]


def test_what_the_linter_doubts_is_said_in_the_language_of_the_page(
    sign_in: Callable[[Role], TestClient], market: Market, tmp_path: Path
) -> None:
    write_pack(tmp_path, version=2)
    market.packs.add(check_folder(tmp_path), by="writer")

    shown = words(sign_in("sales").get("/packs/2", headers={"accept-language": "hi"}).text)

    assert "पैक में कोई उदाहरण नहीं है" in shown


def test_a_publication_that_is_refused_keeps_what_was_written(
    sign_in: Callable[[Role], TestClient], market: Market, tmp_path: Path
) -> None:
    write_pack(tmp_path, version=2)
    market.packs.add(check_folder(tmp_path), by="writer")
    said = {"orders": "100", "why": "For <Diwali>", "start": "2020-01-01T10:00"}

    answer = sign_in("admin").post("/packs/2/publish", data=said)

    assert answer.status_code == 409
    assert "For &lt;Diwali&gt;</textarea>" in answer.text
    assert 'name="start" value="2020-01-01T10:00"' in answer.text


def test_a_form_and_the_text_come_to_the_same_rules(
    sign_in: Callable[[Role], TestClient], market: Market, tmp_path: Path
) -> None:
    (tmp_path / "agreed.yaml").write_text(AGREED)
    number = 1 + market.rows("SELECT max(version) FROM rule_pack")[0][0]
    write_pack(tmp_path, version=number)
    market.packs.add(check_folder(tmp_path), by="writer")
    client, address = sign_in("sales"), f"/packs/{number}/edit"
    told = words(client.get(address).text)
    typed = {"figure.OWN.rates.0": "95.50", "figure.MOST.limit.0": "7500.00"}
    by_text = AGREED.replace("90.00", "95.50").replace("5000.00", "7500.00")

    pages = [
        client.post(address, data={**sent, "do": "check"})
        for sent in (typed, {"file.agreed.yaml": by_text})
    ]

    differences = [re.findall(r"(?s)<pre.*?</pre>", one.text) for one in pages]
    assert [one.status_code for one in pages] == [200, 200]
    assert differences[0] == differences[1]
    assert "7500.00" in "".join(differences[0])
    assert "RICE" in told
    assert "Credit limit" in told
