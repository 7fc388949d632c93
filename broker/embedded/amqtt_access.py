"""The access rule as an amqtt plugin: same password file, same topics as with Mosquitto."""

from dataclasses import dataclass
from pathlib import Path

from amqtt.contexts import Action, BaseContext
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from broker.contract.access import may
from broker.contract.enrolment.passwords import verify_password
from broker.embedded.credentials import Credentials


class OrderwireAccess(BaseAuthPlugin, BaseTopicPlugin):  # type: ignore[misc]  # untyped library
    """Let known users in, and each to its own topics; the file counts as it is now."""

    @dataclass
    class Config:
        """Where the password file is."""

        folder: str = ""

    def __init__(self, context: BaseContext) -> None:
        super().__init__(context)
        self._credentials = Credentials(Path(self.config.folder))
        self._seen: tuple[int, int] | None = None
        self._users: dict[str, str] = {}

    async def authenticate(self, *, session: Session) -> bool:
        """Check the password, and the will: amqtt itself would publish it unseen."""
        hashed = self._known().get(session.username or "")
        if hashed is None or not verify_password(session.password or "", hashed):
            return False
        return not session.will_flag or may(session.username, "write", session.will_topic)

    async def topic_filtering(
        self,
        *,
        session: Session | None = None,
        topic: str | None = None,
        action: Action | None = None,
    ) -> bool:
        """Apply the rule to a publish, a subscription and each delivery."""
        if session is None or topic is None or session.username not in self._known():
            return False
        return may(session.username, "write" if action == Action.PUBLISH else "read", topic)

    def _known(self) -> dict[str, str]:
        """Read the users again if the file was replaced, which changes its inode."""
        seen = self._credentials.version()
        if seen != self._seen:
            self._users = self._credentials.read()
            self._seen = seen
        return self._users
