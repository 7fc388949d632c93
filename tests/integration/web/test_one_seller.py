"""Where the company alone sells, no page and no file says a word of sellers."""

import html
import io
import re
import zipfile
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from tests.builders.addresses import MATRIX
from tests.builders.market import Market, open_market
from tests.builders.partners import (  # noqa: F401 -- a fixture
    PASSWORD,
    open_client,
    sign_in,
    trade,
)
from tests.builders.three_houses import HOUSES, furnish

OWNER: Final = "olga"
SELLER: Final = re.compile("seller|विक्रेता|बेचने वाल|सेलर", re.IGNORECASE)
ENDLESS: Final = {"/live"}
FOR_THE_STATE: Final = re.compile(r"/(einvoice|eway)\.json$")
"""Files whose keys the government's portal has fixed, `SellerDtls` among them."""
STARTS: Final = (
    "/orders?days=0",
    "/find?q=of",
    "/find?q=shop",
    "/ask?q=sales+by+customer+this+month",
    "/stock/receive",
)
SAID: Final = ("title", "aria-label", "placeholder", "alt", "data-label", "data-words")
"""The attributes whose words people see or hear."""


@pytest.fixture(scope="module", name="market")
def open_one_house(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Market]:
    """Give a hub of one house, with its owner and a row of every kind."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "hub.db").write_bytes(sqlite_template.read_bytes())
    with open_market(f"sqlite:///{folder / 'hub.db'}", folder / "files") as market:
        trade(market, "C2")
        furnish(market, HOUSES["house"])
        market.hub.ground.part(PeopleActs).add(OWNER, roles=("owner",), password=PASSWORD)
        yield market


def words_of_page(text: str) -> str:
    """Give what people read and hear of a page."""
    shown = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->", " ", text)
    said = re.findall(rf'\b(?:{"|".join(SAID)})="([^"]*)"', shown)
    asked = re.findall(
        r'<(?:input|select|textarea)\b(?![^>]*type="hidden")[^>]*\bname="([^"]*)"', shown
    )
    return html.unescape(" | ".join([re.sub(r"(?s)<[^>]*>", " ", shown), *said, *asked]))


def words_of(answer: Any) -> str:
    """Give the words of a page, a file, a workbook or a paper; of a picture, nothing."""
    kind = answer.headers.get("content-type", "")
    if "html" in kind:
        return words_of_page(answer.text)
    if answer.content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            return " ".join(
                packed.read(one).decode("utf-8", "replace") for one in packed.namelist()
            )
    return str(answer.text) if re.search("csv|json|text", kind) else ""


def kind_of(path: str) -> str:
    """Give what addresses of one kind have in common: without numbers, ids and filters' values.

    A report shows the same words however it is asked for, and so do its files.
    """
    file = re.search("as=(csv|xlsx)", path)
    if path.startswith("/reports/"):
        return (path.partition("?")[0] + " as=csv") if file else path.partition("?")[0]
    plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", path.partition("&")[0])
    return re.sub("=[^&]*", "=", plain) + (file[1] if file else "")


def lists() -> list[str]:
    """Give the addresses that are read and name no row."""
    found = [one.split(" ") for one in sorted(MATRIX)]
    return [
        path for verb, path in found if verb == "GET" and "{" not in path and path not in ENDLESS
    ]


def walk(client: TestClient) -> Mapping[str, Any]:
    """Give the answer of every page and file that the owner can click to, by its address."""
    todo, seen, answers = deque([*lists(), *STARTS]), set[str](), dict[str, Any]()
    while todo:
        path = todo.popleft()
        if kind_of(path) in seen or path.startswith(("/static", "/live", "/sign-")):
            continue
        seen.add(kind_of(path))
        answers[path] = answer = client.get(path)
        if "html" in answer.headers.get("content-type", ""):
            text = html.unescape(answer.text)
            todo += re.findall(r'\bhref="(/[^"#]*)"', text)
            todo += [f"{path.partition('?')[0]}{q}" for q in re.findall(r'href="(\?[^"]+)"', text)]
    return answers


@pytest.mark.parametrize("language", ["en", "hi"])
def test_no_page_and_no_file_of_a_house_that_sells_alone_says_a_word_of_sellers(
    market: Market, client: TestClient, language: str
) -> None:
    sign_in(market, client, OWNER)
    client.cookies.set("orderwire_language", language)

    answers = walk(client)

    said = {path: words_of(one) for path, one in answers.items() if not FOR_THE_STATE.search(path)}
    telling = {
        path: text[max(0, found.start() - 40) : found.end() + 40]
        for path, text in said.items()
        if (found := SELLER.search(text))
    }

    assert telling == {}
    assert len(answers) > 150
