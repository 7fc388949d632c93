"""A file of customers by page: looked at first, taken by the jobs, its refused rows given back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from hub.base.sheets import write_workbook
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.rulepacks.acts.check_files import check_folder
from tests.builders.market import Market, write_pack
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import USERS, Role
from tests.integration.web.test_customer_pages import words

SignIn = Callable[[Role], TestClient]
BODY = "code,name,pin\nN1,नई दुकान,411001\nN2,Bad,41\nC1,First Shop,411002\n"


def hand_over(client: TestClient, body: bytes, *, kind: str = "customers") -> Response:
    """Hand a file over."""
    files = {"file": ("shops.csv", body, "text/csv")}
    said = {"kind": kind}
    return client.post("/imports", files=files, data=said, follow_redirects=False)


FORM = "multipart/form-data; boundary=x"


def test_a_file_is_looked_at_then_taken_and_its_refused_rows_are_a_file(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("manager")

    page = hand_over(client, BODY.encode()).headers["location"]
    looked = words(client.get(page).text)
    before = market.rows("SELECT count(*) FROM party")
    client.post(f"{page}/take")
    client.post(f"{page}/take")
    market.hub.jobs.run_due("test")
    taken = words(client.get(page).text)
    refused = client.get(f"{page}/refused.csv")

    assert before == [(5,)]
    assert "Nothing is taken yet" in looked
    assert "PIN: ‘41’ is no PIN: six digits, the first not 0" in looked  # noqa: RUF001
    assert "new 1 changed 1 as they are 0 refused 1" in looked
    assert "new 1 changed 1 as they are 0 refused 1" in taken
    assert refused.text == "\ufeffcode,name,pin\r\nN2,Bad,41\r\n"
    assert "नई दुकान" in client.get("/customers/N1").text


def test_chosen_rows_are_taken_alone_and_products_come_as_a_workbook_and_go_as_one(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("manager")
    book = write_workbook("p", [["sku", "name", "gtins"], ["A", "Aa", "8900000123452"], ["B", "B"]])

    page = hand_over(client, book, kind="products").headers["location"]
    looked = words(client.get(f"{page}?show=add").text)
    client.post(f"{page}/take", data={"which": "chosen", "row": "3"})
    market.hub.jobs.run_due("test")
    taken = words(client.get(page).text)
    out = client.get("/imports/masters/products.xlsx")
    again = hand_over(client, out.content, kind="products").headers["location"]

    assert "new 2" in looked
    assert "new 1" in taken
    assert "left out 1" in taken
    assert market.rows("SELECT sku FROM product WHERE sku IN ('A', 'B')") == [("B",)]
    assert "new 0 changed 0 as they are 6 refused 0" in words(client.get(again).text)


def test_columns_that_nobody_knows_are_asked_for_and_then_known(sign_in: SignIn) -> None:
    client = sign_in("manager")
    body = BODY.replace("code,name", "Nr,Laden").encode("utf-16")
    columns = ["Nr", "Laden", "pin"]

    page = hand_over(client, body).headers["location"]
    asked = client.get(page)
    wrong = client.post(f"{page}/columns", data={"column": columns, "field": ["code", "code", ""]})
    said = client.post(f"{page}/columns", data={"column": columns, "field": ["code", "name", ""]})
    again = client.get(hand_over(client, body).headers["location"])

    assert asked.headers["location"] == f"{page}/columns"
    assert "नई दुकान" in client.get(f"{page}/columns").text
    assert (wrong.status_code, said.status_code) == (422, 303)
    assert "column Laden would be code a second time" in words(wrong.text)
    assert "new 2 changed 0 as they are 1" in words(client.get(page).text)
    assert "new 2 changed 0 as they are 1" in words(again.text)


def test_bad_cells_are_mended_on_the_page_and_taken_with_the_rest(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("manager")
    rows = "N1,Bad,41\nN2,Short\nN3,First shop,\nN4,FIRST SHOP,\n"

    page = hand_over(client, f"code,name,pin\n{rows}".encode()).headers["location"]
    looked = client.get(page).text
    client.post(f"{page}/mend", data={"at": ["2:2"], "cell": ["411001"]})
    broken = client.get(f"{page}/rows/3").text
    at, cells = ["3:0", "3:1", "3:2"], ["N2", "Long enough", "411002"]
    client.post(f"{page}/mend", data={"at": at, "cell": cells})
    client.post(f"{page}/mend", data={"same": "4:C1"})
    client.post(f"{page}/mend", data={"sure": "5"})
    mended = words(client.get(page).text)
    client.post(f"{page}/take")
    market.hub.jobs.run_due("test")
    client.post(f"{page}/mend", data={"at": ["2:1"], "cell": ["Too late"]})

    assert 'name="cell" value="41"' in looked
    assert f'href="{page}/rows/3"' in looked
    assert 'value="Short"' in broken
    assert "new 3 changed 1 as they are 0 refused 0" in mended
    assert dict(
        market.rows("SELECT code, name FROM party WHERE code IN ('C1','N1','N2','N4')")
    ) == {
        "C1": "First shop",
        "N1": "Bad",
        "N2": "Long enough",
        "N4": "FIRST SHOP",
    }


def test_a_file_that_cannot_be_read_says_where_and_what_to_do(sign_in: SignIn) -> None:
    answer = hand_over(sign_in("manager"), "code,name\nC1,Café\n".encode("cp1252"))

    assert answer.status_code == 422
    assert "Row 2" in words(answer.text)
    assert "CSV UTF-8" in words(answer.text)


def test_a_file_larger_than_any_form_is_taken(sign_in: SignIn, market: Market) -> None:
    long = "of the very long street " * 7
    rows = "".join(f"N{n},Shop {n} {long},411001\n" for n in range(800))
    client = sign_in("manager")
    assert len(rows) > 128 * 1024

    page = hand_over(client, f"code,name,pin\n{rows}".encode()).headers["location"]
    client.post(f"{page}/take")
    market.hub.jobs.run_due("test")

    assert market.rows("SELECT count(*) FROM party WHERE code LIKE 'N%'") == [(800,)]


def test_who_may_not_import_sees_nothing_of_it(sign_in: SignIn) -> None:
    client = sign_in("sales")

    assert client.get("/imports").status_code == 403
    assert hand_over(client, BODY.encode()).status_code == 403


def test_the_pages_are_there_in_hindi(sign_in: SignIn) -> None:
    client = sign_in("manager")
    client.cookies.set("orderwire_language", "hi")
    page = hand_over(client, BODY.encode()).headers["location"]

    assert "फ़ाइल" in words(client.get("/imports").text)
    assert "लाइनों" in words(client.get(page).text)


def test_a_run_of_somebody_else_is_neither_looked_at_nor_taken(
    sign_in: SignIn, market: Market
) -> None:
    page = hand_over(sign_in("manager"), BODY.encode()).headers["location"]
    other = sign_in("admin")

    answers = [other.post(f"{page}/{step}", follow_redirects=False) for step in ("look", "take")]

    assert [one.status_code for one in answers] == [404, 404]
    assert other.get(page).status_code == 200
    assert 'name="which"' not in other.get(page).text
    assert market.hub.jobs.run_due("test") == 0


def test_who_sees_some_customers_only_has_the_other_rows_refused(
    sign_in: SignIn, market: Market
) -> None:
    [(user,)] = market.rows(f"SELECT id FROM user_account WHERE name = '{USERS['manager']}'")  # noqa: S608
    market.change(
        f"INSERT INTO user_grant (user_id, kind, ref) VALUES ({user}, 'customer', 'C2')"  # noqa: S608
    )
    client = sign_in("manager")

    page = hand_over(client, b"code,name\nC1,Taken over\nC2,My own\n").headers["location"]
    looked = words(client.get(page).text)
    client.post(f"{page}/take")
    market.hub.jobs.run_due("test")

    assert "changed 1 as they are 0 refused 1" in looked
    names = dict(market.rows("SELECT code, name FROM party WHERE code IN ('C1', 'C2')"))
    assert names["C1"] != "Taken over"
    assert names["C2"] == "My own"


def test_a_file_that_is_far_too_large_is_refused_by_a_page_with_a_way_back(
    sign_in: SignIn,
) -> None:
    answer = sign_in("manager").post(
        "/imports", content=b"x", headers={"Content-Length": "50000000", "Content-Type": FORM}
    )

    assert answer.status_code == 413
    assert "part it into several" in words(answer.text)
    assert 'href="/"' in answer.text


@pytest.fixture
def lists(market: Market, tmp_path: Path) -> None:
    """Have a version serve whose one price list is a file."""
    folder = tmp_path / "pack"
    folder.mkdir()
    write_pack(folder, version=2)
    market.packs.add(check_folder(folder), by="writer")
    market.packs.publish(2, by="asha")


@pytest.mark.usefixtures("lists")
def test_prices_become_a_draft_that_the_page_leads_to(sign_in: SignIn, market: Market) -> None:
    client = sign_in("manager")

    page = hand_over(client, b"sku,price\nSOAP,12\nSOPA,1\n", kind="prices").headers["location"]
    client.post(f"{page}/take")
    market.hub.jobs.run_due("test")

    shown = client.get(page).text
    assert 'href="/packs/3"' in shown
    assert "+ SOAP,12.00" in words(client.get("/packs/3").text)


@pytest.mark.usefixtures("lists")
def test_a_program_sends_prices_takes_them_and_reads_which_draft_they_are(
    client: TestClient, market: Market
) -> None:
    tokens = market.hub.ground.part(PeopleActs).tokens
    secret = tokens.add("office", roles=("manager",), by=OPERATOR)
    who = {"Authorization": f"Bearer {secret}"}

    body = b"sku,price\nSOAP,12\nSOPA,1\n"
    sent = client.post("/api/v1/imports/prices?file=may.csv", content=body, headers=who)
    run = sent.json()
    taken = client.post(f"/api/v1/imports/{run['id']}/take", headers=who)
    market.hub.jobs.run_due("test")
    done = client.get(f"/api/v1/imports/{run['id']}", headers=who).json()

    assert (sent.status_code, taken.status_code) == (201, 202)
    assert run["rows"] == {"change": 1, "refuse": 1}
    assert [one["row"] for one in run["refused"]] == [3]
    assert (done["state"], done["version"], done["faults"]) == ("done", 3, [])
    other = tokens.add("other", roles=("manager",), by=OPERATOR)
    theirs = client.get(
        f"/api/v1/imports/{run['id']}", headers={"Authorization": f"Bearer {other}"}
    )
    assert theirs.status_code == 404


def test_a_program_is_told_what_is_wrong_with_a_file(client: TestClient, market: Market) -> None:
    tokens = market.hub.ground.part(PeopleActs).tokens
    who = {"Authorization": f"Bearer {tokens.add('office', roles=('manager',), by=OPERATOR)}"}

    broken = client.post("/api/v1/imports/prices", content=b'sku,price\n"A,1\n', headers=who)
    columns = client.post("/api/v1/imports/prices", content=b"sku,mood\nA,1\n", headers=who)
    kind = client.post("/api/v1/imports/nothing", content=b"a\n1\n", headers=who)

    assert (broken.status_code, broken.json()["params"]["row"]) == (422, 2)
    assert (columns.status_code, columns.json()["code"]) == (422, "column_unknown")
    assert kind.status_code == 404
