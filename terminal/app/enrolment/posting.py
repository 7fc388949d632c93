"""Posts something small to the hub, as enrolment and changed passwords need it."""

import base64
from typing import Final
from urllib.parse import urlsplit

_TIMEOUT_S: Final = 10
_LONGEST_ANSWER: Final = 64 * 1024


class HubUnreachedError(Exception):
    """The hub did not answer, or cannot now: asking again may help; the text says why."""


def post_to_hub(
    hub: str, path: str, body: bytes, *, identity: tuple[str, str] | None = None
) -> tuple[int, bytes]:
    """Post JSON to a path below the hub's address; gives the HTTP status and what came; blocking.

    `identity` is a terminal's id with its password. Raises HubUnreachedError.
    """
    # Imported here: a counter that was enrolled needs it once a year.
    import http.client  # noqa: PLC0415

    headers = {"Content-Type": "application/json"}
    if identity is not None:
        secret = base64.b64encode(":".join(identity).encode()).decode()
        headers["Authorization"] = f"Basic {secret}"
    url = urlsplit(hub)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(url.hostname or "", url.port, timeout=_TIMEOUT_S)
        try:
            connection.request("POST", url.path.rstrip("/") + path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read(_LONGEST_ANSWER)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else "") or str(error)
        raise HubUnreachedError(why or type(error).__name__) from error
