"""Hands mails over to the server that sends them; jobs call it, at least once for each mail."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final, Literal

_TIMEOUT_S: Final = 30


Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True)
class MailHost:
    """The server that takes mails, and what they say of their sender; without a host none go.

    `pages` is the address of the hub's pages, before the path of what a mail is about.
    """

    host: str = ""
    port: int = 25
    sender: str = ""
    user: str = ""
    password: str = ""
    security: Security = "none"
    pages: str = ""

    def post(self, letter: EmailMessage) -> None:
        """Send a mail; raises OSError or SMTPException."""
        if self.security == "tls":
            context = ssl.create_default_context()
            with smtplib.SMTP_SSL(
                self.host, self.port, timeout=_TIMEOUT_S, context=context
            ) as server:
                self._hand_over(server, letter)
            return
        with smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT_S) as server:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            self._hand_over(server, letter)

    def _hand_over(self, server: smtplib.SMTP, letter: EmailMessage) -> None:
        if self.user:
            server.login(self.user, self.password)
        server.send_message(letter)
