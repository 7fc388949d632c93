"""The stream of one open page, over a real socket."""

import http.client
from typing import Final
from urllib.parse import urlencode, urlsplit

_DEADLINE_S: Final = 60


class Stream:
    """A page's stream, read line by line."""

    def __init__(self, address: str, user: str, password: str, **headers: str) -> None:
        netloc = urlsplit(address).netloc
        connection = http.client.HTTPConnection(netloc, timeout=_DEADLINE_S)
        form = urlencode({"name": user, "password": password})
        origin = {"Origin": address, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in", form, origin)
        answer = connection.getresponse()
        answer.read()
        cookie = (answer.getheader("set-cookie") or "").split(";")[0]
        connection.request("GET", "/live", headers={"Cookie": cookie, **headers})
        self.answer = connection.getresponse()
        self._connection, self._netloc, self._cookie = connection, netloc, cookie

    def sign_out(self) -> None:
        """End the session elsewhere, as from another window."""
        other = http.client.HTTPConnection(self._netloc, timeout=_DEADLINE_S)
        other.request(
            "POST", "/sign-out", headers={"Cookie": self._cookie, "Sec-Fetch-Site": "same-origin"}
        )
        other.getresponse().read()
        other.close()

    def event(self) -> dict[str, str]:
        """Read the next event."""
        fields: dict[str, str] = {}
        while line := self.answer.readline().decode().strip():
            if not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
        return fields

    def event_of(self, topic: str) -> dict[str, str]:
        """Read on to the next event of a topic: others may come before it."""
        while (event := self.event())["event"] != topic:
            pass
        return event

    def close(self) -> None:
        """Leave."""
        self._connection.close()
