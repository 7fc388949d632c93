"""Where others sell beside the company, pages ask for the seller again."""

import pytest
from fastapi.testclient import TestClient

from tests.builders.market import Market
from tests.builders.two_sellers import enter, open_client, open_two_sellers  # noqa: F401 -- fixtures
from tests.integration.web.test_one_seller import words_of_page

PAGES = (
    "/claims/new",
    "/claims/to-claim",
    "/counter-groups/new",
    "/customers/N1",
    "/customers/hand-over",
    "/imports",
    "/targets/new",
    "/users/1",
    "/workdays",
)


@pytest.fixture(scope="module", name="owner")
def sign_owner_in(market: Market, client: TestClient) -> TestClient:
    """Give the browser of the owner."""
    enter(market, client, "olga", "owner")
    return client


@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_of_sellers_once_a_second_one_is_there(owner: TestClient, path: str) -> None:
    page = owner.get(path)

    assert page.status_code == 200
    assert "seller" in words_of_page(page.text).lower()
