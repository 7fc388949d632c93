"""An order's way to its shop by page and by program: picked, sent, delivered, and printed."""

import json
import re
from collections.abc import Callable

from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.delivered import picked, sent, status_of
from tests.builders.market import Market
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.builders.photos import jpeg
from tests.fixtures.browser import Role
from tests.integration.web.test_customer_pages import fields, words

SIGNED = "10,40 60,90 120,40;200,10 200,90"
SignIn = Callable[[Role], TestClient]


def filled_button(page: str) -> list[str]:
    """Name the filled buttons of a page, but those of its dialogs."""
    page = re.sub(r"<dialog.*?</dialog>", "", page, flags=re.DOTALL)
    found = re.findall(r'<(?:a|button) class="btn btn-primary"[^>]*>(.*?)</(?:a|button)>', page)
    return [re.sub(r"<[^>]*>", "", one).strip() for one in found]


def test_an_order_goes_from_its_page_to_the_shop(sign_in: SignIn, market: Market) -> None:
    order = market.place(("TEA", 12), ("RICE", 5))
    client = sign_in("manager")
    page = client.get(f"/orders/{order.order}").text
    assert filled_button(page) == ["Pick"]
    wave = client.post("/deliveries/pick", data={"order": order.order}).headers["location"]

    wrong = client.post(f"{wave}/scan", data={"code": "SOAP"})
    counted = client.post(f"{wave}/scan", data={"code": "10*TEA", "batch": "T-EARLY"})
    counted = client.get(counted.headers["location"])
    client.post(f"{wave}/enter", data={"all": "yes"})
    whole = client.get(wave).text
    labels = client.get("/deliveries/1/labels.pdf?parcels=3&language=hi")
    assert (labels.status_code, labels.content[:4]) == (200, b"%PDF")
    assert client.get("/deliveries/1/labels.pdf?parcels=0").status_code == 422
    client.post(f"{wave}/finish")
    assert "SOAP is not on this pick list" in words(wrong.text)
    assert "10 picked: TEA T-EARLY" in words(counted.text)
    assert filled_button(whole) == ["Finish picking"]
    assert filled_button(client.get(f"/orders/{order.order}").text) == ["Dispatch"]

    form = fields(client.get("/deliveries/dispatch?note=1").text)
    asked = {**form, "note": "1", "vehicle": "KA-01", "driver": "Om", "form_step": "send"}
    trip = client.post("/deliveries/dispatch", data=asked)
    again = client.post("/deliveries/dispatch", data=asked)
    sheet = words(client.get(trip.headers["location"]).text)
    assert again.headers["location"] == trip.headers["location"] == "/deliveries/trips/1"
    assert re.search(r"Tea TEA T-EARLY 10 Tea TEA T-LATE 2", sheet)

    form = fields(client.get("/deliveries/1/outcome").text)
    form |= {"receiver": "Asha", "back_1": "2", "form_step": "send", "signature": SIGNED}
    assert client.get("/deliveries/1/proof.pdf").status_code == 404  # nobody said yet
    scribble = client.post("/deliveries/1/outcome", data={**form, "signature": "1,1 2,2"})
    assert "too short for a signature" in words(scribble.text)
    nothing = client.post("/deliveries/1/outcome", data=form)
    done = client.post("/deliveries/1/outcome", data={**form, "reason_1": "refused"})
    assert "say why line 1 was not delivered whole" in words(nothing.text)
    assert "Part delivered" in words(client.get(done.headers["location"]).text)
    kept = client.post("/deliveries/1/photos", content=jpeg())
    assert kept.json() == {"address": "/deliveries/1/photos/1", "words": "Photo 1"}
    photo = client.get("/deliveries/1/photos/1")
    has_it = {"If-None-Match": photo.headers["etag"]}
    assert client.get("/deliveries/1/photos/1", headers=has_it).status_code == 304
    assert (photo.content, photo.headers["cache-control"]) == (jpeg(), "private, no-cache")
    assert client.get("/deliveries/1/photos/2").status_code == 404
    no_photo = client.post("/deliveries/1/photos", content=b"GIF89a")
    assert (no_photo.status_code, "JPEG" in no_photo.json()["words"]) == (422, True)
    assert client.get("/deliveries/1/proof.pdf?language=hi").content.startswith(b"%PDF")
    shown = client.get("/deliveries/1").text
    assert 'aria-label="Signature of Asha"' in shown
    assert 'src="/deliveries/1/photos/1"' in shown
    assert "taken by Asha" in words(client.get(f"/orders/{order.order}").text)
    assert status_of(market, order.order) == "delivered"
    assert market.broken() == set()


def test_lists_papers_and_the_first_page_show_what_is_to_be_done(
    sign_in: SignIn, market: Market
) -> None:
    waiting, here, road = (market.place(("RICE", n)) for n in (5, 6, 7))
    picked(market, here.order)
    sent(market, road.order)
    client = sign_in("manager")

    home, queue = words(client.get("/").text), words(client.get("/deliveries/to-pick").text)
    notes = words(client.get("/deliveries").text)
    held = client.get("/deliveries?as=csv&state=picked").text

    assert "3 deliveries to see to 1 order to pick 1 to dispatch 1 out for delivery" in home
    assert waiting.number in queue
    assert here.number not in queue
    assert re.search(r"DN26-27/00002 .* DN26-27/00001", notes)
    assert held.count("DN26-27/") == 1
    for address in ("/deliveries/1/print", "/deliveries/waves/1/print", "/deliveries/1"):
        assert "Rice" in words(client.get(address).text)


def test_several_chosen_orders_make_one_pick_list(sign_in: SignIn, market: Market) -> None:
    orders = [market.place(("RICE", n)).order for n in (5, 6)]
    client = sign_in("manager")
    asked = client.post("/bulk/orders/pick", data={"key": orders}).headers["location"]
    shown = client.get(asked).text
    tokens = re.findall(r'name="token" value="([^"]*)"', shown)

    done = client.post("/bulk/orders/pick/do", data={"key": orders, "token": tokens})
    again = client.post("/bulk/orders/pick/do", data={"key": orders, "token": tokens})

    assert market.rows("SELECT wave_id, count(*) FROM delivery GROUP BY wave_id") == [(1, 2)]
    assert 'href="/deliveries?state=picking"' in client.get(done.headers["location"]).text
    assert "on a delivery note already" in client.get(again.headers["location"]).text


def test_credit_that_keeps_a_note_here_is_let_pass_with_a_reason(
    sign_in: SignIn, market: Market
) -> None:
    order = market.place(("RICE", 10), terminal="shop-1")
    picked(market, order.order)
    market.change("UPDATE party SET credit_limit = 100 WHERE code = 'C1'")
    client = sign_in("manager")
    form = fields(client.get("/deliveries/dispatch?note=1").text)
    form |= {"note": "1", "vehicle": "KA-01", "driver": "Om", "form_step": "send"}

    kept = client.post("/deliveries/dispatch", data=form)
    client.post("/deliveries/1/pass", data={"why": "paid today"})
    sent_off = client.post("/deliveries/dispatch", data=form)

    assert kept.status_code == 409
    assert "credit keeps note DN26-27/00001 here" in words(kept.text)
    assert sent_off.headers["location"] == "/deliveries/trips/1"
    assert "paid today" in words(client.get("/deliveries/1").text)


def test_programs_do_the_same_by_the_same_acts(market: Market, client: TestClient) -> None:
    token = market.hub.ground.part(PeopleActs).tokens.add("wms", roles=("warehouse",), by=OPERATOR)
    client.headers["Authorization"] = f"Bearer {token}"
    order = market.place(("TEA", 12)).order

    def post(path: str, body: object) -> tuple[int, dict[str, object]]:
        answer = client.post(f"/api/v1/deliveries{path}", content=json.dumps(body),
                             headers={"content-type": "application/json"})  # fmt: skip
        return answer.status_code, answer.json()

    assert post("/pick", {"orders": [order]})[0] == 201
    assert post("/pick", {"orders": [order]})[0] == 200
    assert post("/waves/1/scan", {"code": "SOAP"})[1]["code"] == "pick_wrong_product"
    assert post("/waves/1/scan", {"code": "9*TEA", "batch": "T-EARLY"})[1]["left"] == 1
    assert post("/1/short", {"line": 1, "reason": "not_found"})[0] == 200
    assert post("/waves/1/enter", {})[0] == 200
    assert post("/waves/1/finish", {})[0] == 200
    labels = client.get("/api/v1/deliveries/1/labels.pdf?parcels=2")
    assert (labels.status_code, labels.content[:4]) == (200, b"%PDF")
    assert client.get("/api/v1/deliveries/9/labels.pdf").status_code == 404
    send = {"deliveries": [1], "vehicle": "KA-01", "driver": "Om"}
    assert [post("/dispatch", send)[0] for _ in range(2)] == [201, 200]
    ended = post("/1/outcome", {"fields": {"receiver": "Asha"}, "lines": []})[1]
    assert (ended["state"], ended["receiver"]) == ("delivered", "Asha")
    assert client.get("/api/v1/deliveries?state=delivered").json()["deliveries"][0]["id"] == 1
    assert client.get(f"/api/v1/orders/{order}").json()["public"] == "delivered"
    assert market.rows("SELECT made_by FROM delivery") == [("wms",)]


def test_the_form_of_a_delivery_tells_free_goods_from_the_same_that_are_paid_for(
    sign_in: SignIn, market: Market
) -> None:
    sent(market, market.place(("RICE", 10)).order)

    page = words(sign_in("manager").get("/deliveries/1/outcome").text)

    assert "Honey HONEY free goods" in page
    assert "Rice RICE free goods" not in page
