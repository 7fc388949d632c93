"""The server that takes a hub's mails, and where their links lead."""

from typing import cast

from hub.base.access import EVERYTHING
from hub.base.engine.database import Database
from hub.base.jobs.mailing import MailHost, Security
from hub.desk.parties.reads import served_at
from hub.run.config import Settings


def mail_of(settings: Settings, database: Database | None = None) -> MailHost:
    """Say which server takes mails, and where their links lead.

    Where no setting says it, that is where the pages are served, or were last: `run` may have been
    told of another port than the settings name.
    """
    said = f"http://{settings.http_host}:{settings.http_port}"

    def served() -> str:
        if database is None:
            return said
        with database.read() as connection:
            return served_at(connection, scope=EVERYTHING) or said

    return MailHost(
        settings.mail_host,
        settings.mail_port,
        settings.mail_from or f"orderwire@{settings.http_host}",
        settings.mail_user,
        settings.mail_password,
        cast("Security", settings.mail_security),
        settings.pages_url,
        served,
    )
