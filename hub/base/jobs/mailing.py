"""Hands mails over to the server that sends them; jobs call it, at least once for each mail."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final, Literal

_TIMEOUT_S: Final = 30


Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True)
class MailHost:
    """The server that takes mails, and what they say of their sender; without a host none go.

    `pages` is the address of the hub's pages, before the path of what a mail is about; where it is
    empty, `served` is asked for the address each time.
    """

    host: str = ""
    port: int = 25
    sender: str = ""
    user: str = ""
    password: str = ""
    security: Security = "none"
    pages: str = ""
    served: Callable[[], str] = str

    def link(self, path: str) -> str:
        """Give the address of a page as people outside of the house reach it: `/orders/...`."""
        return f"{(self.pages or self.served()).rstrip('/')}{path}"

    def greet(self, *, timeout_s: float = _TIMEOUT_S) -> None:
        """Greet the server as before a mail, and send none; raises OSError or SMTPException."""
        with self._opened(timeout_s) as server:
            self._sign_in(server)

    def post(self, letter: EmailMessage) -> None:
        """Send a mail; raises OSError or SMTPException."""
        with self._opened(_TIMEOUT_S) as server:
            self._sign_in(server)
            server.send_message(letter)

    def _opened(self, timeout_s: float) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=timeout_s, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=timeout_s)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        """Say who is there, over TLS where that is wanted."""
        if self.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if self.user:
            server.login(self.user, self.password)
