"""Staff of the distributor, over the API and the pages: releases, delivers, bills, takes money."""

import http.client
import itertools
import json
import random
import re
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from simulators.data.distributor import WAREHOUSE
from simulators.errors import ScenarioError

_PATIENCE_S: Final = 20.0
_CONTENT: Final = re.compile(r'name="content"\s+value="([0-9a-f]{64})"')
_KEY: Final = re.compile(r'name="form_key"\s+value="([^"]+)"')
_ON_A_TRIP: Final = 4
_GOOD: Final = 400
MAIL: Final = "owner@example.com"
_LETTERHEAD: Final = {
    "name": "Deccan Counter Supplies",
    "gstin": "29AAPFU0939F1ZR",
    "address": "12 Residency Road",
    "city": "Bengaluru",
    "pin": "560001",
    "state": "29",
}
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"


class AwayError(ScenarioError):
    """The hub's pages cannot be reached just now."""


class Staff:
    """One person for all work; each act is counted by what became of it, `release: done`.

    `received` are pieces by product that were received, `paid` minor units by customer: both only
    once the hub has said yes.
    """

    def __init__(
        self, url: str, *, token: str, sign_in: tuple[str, str], skus: tuple[str, ...], seed: int
    ) -> None:
        self._host, self._port = urlsplit(url).hostname or "", urlsplit(url).port
        self._origin = url.rstrip("/")
        self._token = token
        self._name, self._password = sign_in
        self._skus = skus
        self._cookie = ""
        self._chance = random.Random(f"{seed} staff")
        self._numbers = itertools.count(1)
        self._doubtful: list[tuple[str, dict[str, Any]]] = []
        self.done: Counter[str] = Counter()
        self.received: Counter[str] = Counter()
        self.paid: Counter[str] = Counter()

    def open_books(self) -> None:
        """Say on the pages who the seller is, so that invoices can be made; raises AwayError."""
        key = _KEY.search(self._page("/invoices/letterhead"))
        sent = {"form_key": key[1] if key else "", "form_step": "send"}
        self._post_form("letterhead", "/invoices/letterhead", {**_LETTERHEAD, **sent})

    def have_mail(self) -> None:
        """Ask on the pages to be told of held orders by mail; raises AwayError."""
        self._page("/notices")
        self._post_form("mail", "/notices/mail", {"mail": MAIL})
        rule = {"event": "order_held", "receiver": "owner", "channel": "mail"}
        self._post_form("rule", "/notices/rules", rule)

    def work(self) -> None:
        """Do the next thing; with the hub away nothing is done but counted."""
        act: Callable[[], None] = self._chance.choices(
            (self._decide, self._deliver, self._receive, self._pay), (4, 3, 2, 2)
        )[0]
        try:
            if self._doubtful:
                self._send_again()
            act()
        except AwayError:
            self.done["away"] += 1

    def settle(self) -> None:
        """Send again what nobody answered, so that it is known what was done."""
        while self._doubtful:
            self._send_again()

    def orders(self) -> list[dict[str, Any]]:
        """Give every order as the API lists them; raises AwayError."""
        address: str | None = "/api/v1/orders"
        found: list[dict[str, Any]] = []
        while address:
            status, page = self._ask("GET", address)
            if status >= _GOOD:
                raise AwayError(f"{address}: {page}")
            found += page["orders"]
            address = page["next"]
        return found

    def _decide(self) -> None:
        """Release a held order, or refuse it, as the page shows it."""
        _, page = self._ask("GET", "/api/v1/orders?status=held")
        if not page.get("orders"):
            return
        order = self._chance.choice(page["orders"])["order"]
        content = _CONTENT.search(self._page(f"/orders/{order}"))
        if content is None:
            return
        word = self._chance.choices(("release", "refuse"), (3, 1))[0]
        said = {"content": content[1], "why": "the fleet's staff says so"}
        self._post_form(word, f"/orders/{order}/{word}", said)

    def _deliver(self) -> None:
        """Pick, send, deliver and bill some orders; then the shops pay a part of it."""
        _, page = self._ask("GET", "/api/v1/orders?status=allocated")
        orders = [one["order"] for one in page.get("orders", ())][-_ON_A_TRIP:]
        if not orders:
            return
        made = self._act("pick", "/api/v1/deliveries/pick", {"orders": orders})
        if made is None:
            return
        wave, notes = made["wave"], [one["id"] for one in made["deliveries"]]
        steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("enter", f"/api/v1/deliveries/waves/{wave}/enter", {}),
            ("finish", f"/api/v1/deliveries/waves/{wave}/finish", {}),
            (
                "dispatch",
                "/api/v1/deliveries/dispatch",
                {"deliveries": notes, "vehicle": "KA-01-F-7", "driver": "Om"},
            ),
        )
        for name, address, said in steps:
            if self._act(name, address, said) is None:
                return
        for note in notes:
            said = {"fields": {"receiver": "Asha"}, "lines": []}
            if self._act("deliver", f"/api/v1/deliveries/{note}/outcome", said) is not None:
                self._act("invoice", "/api/v1/invoices", {"notes": [note]})

    def _receive(self) -> None:
        """Receive a batch of one product."""
        sku, number = self._chance.choice(self._skus), next(self._numbers)
        expiry = (datetime.now(UTC) + timedelta(days=400)).date().isoformat()
        line = {"code": sku, "batch": f"FLEET-{number}", "quantity": "240", "expiry": expiry}
        said = {"key": secrets.token_hex(8), "fields": {"warehouse": WAREHOUSE}, "lines": [line]}
        self._act("receive", "/api/v1/stock/receive", said, keyed=True)

    def _pay(self) -> None:
        """Take cash from somebody who owes."""
        _, owing = self._ask("GET", "/api/v1/accounts/ageing")
        owing = [one for one in owing if one["balance"] > 0] if isinstance(owing, list) else []
        if not owing:
            return
        one = self._chance.choice(owing)
        amount = str(one["balance"] // 100 or 1)
        fields = {"amount": amount, "mode": "cash"}
        said = {"key": secrets.token_hex(8), "customer": one["customer"], "fields": fields}
        self._act("pay", "/api/v1/payments", said, keyed=True)

    def _act(
        self, name: str, address: str, said: dict[str, Any], *, keyed: bool = False
    ) -> dict[str, Any] | None:
        """Send an act; None where it was refused. One with a key that nobody answers is kept."""
        if keyed:
            self._note(address, said)
        try:
            status, answer = self._ask("POST", address, said)
        except AwayError:
            if keyed:
                self._doubtful.append((address, said))
            raise
        self._count(name, status, answer)
        if status < _GOOD:
            return dict(answer)
        if keyed:
            self._note(address, said, sign=-1)
        return None

    def _count(self, name: str, status: int, answer: Any) -> None:  # noqa: ANN401  # JSON
        """Count an act by what became of it: done, or the code of its refusal."""
        code = answer.get("code", str(status)) if isinstance(answer, dict) else str(status)
        self.done[f"{name}: {'done' if status < _GOOD else code}"] += 1

    def _send_again(self) -> None:
        address, said = self._doubtful[-1]
        status, answer = self._ask("POST", address, said)
        self._doubtful.pop()
        self._count("again", status, answer)
        if status >= _GOOD:
            self._note(address, said, sign=-1)

    def _note(self, address: str, said: Mapping[str, Any], *, sign: int = 1) -> None:
        """Count what is received or paid, before the hub has it: no terminal may see it earlier."""
        if address.endswith("/receive"):
            for line in said["lines"]:
                self.received[line["code"]] += sign * int(line["quantity"])
        else:
            self.paid[said["customer"]] += sign * int(said["fields"]["amount"]) * 100

    def _ask(self, method: str, address: str, said: object = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": _JSON}
        body = None if said is None else json.dumps(said)
        status, text, _ = self._send(method, address, body, headers=headers)
        try:
            return status, json.loads(text)
        except ValueError as error:
            raise AwayError(f"{address} answered {text[:80]!r}") from error

    def _page(self, address: str) -> str:
        """Look at a page, signed in."""
        if not self._cookie:
            self._sign_in()
        status, text, _ = self._send("GET", address, headers={"Cookie": self._cookie})
        if status == http.HTTPStatus.SEE_OTHER:
            self._cookie = ""
        return text

    def _post_form(self, name: str, address: str, said: Mapping[str, str]) -> None:
        headers = {"Cookie": self._cookie, "Origin": self._origin, "Content-Type": _FORM}
        status, _, _ = self._send("POST", address, urlencode(said), headers=headers)
        self.done[f"{name}: {'done' if status < _GOOD else status}"] += 1

    def _sign_in(self) -> None:
        said = urlencode({"name": self._name, "password": self._password})
        headers = {"Origin": self._origin, "Content-Type": _FORM}
        _, _, cookies = self._send("POST", "/sign-in", said, headers=headers)
        self._cookie = "; ".join(one.partition(";")[0] for one in cookies)

    def _send(
        self, method: str, address: str, body: str | None = None, *, headers: Mapping[str, str]
    ) -> tuple[int, str, list[str]]:
        """Send a request; raises AwayError where nobody answers."""
        try:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=_PATIENCE_S)
            try:
                connection.request(method, address, body, dict(headers))
                answer = connection.getresponse()
                cookies = answer.headers.get_all("set-cookie") or []
                return answer.status, answer.read().decode("utf-8", "replace"), cookies
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise AwayError(f"{address}: {error}") from error
