"""The sample taken away whole inside a given transaction: every row of the trade goes with it."""

from typing import Final

from sqlalchemy import delete

from hub.base import history
from hub.base.engine.columns import metadata
from hub.base.jobs.rows import job
from hub.base.kept.folders import CLEAR, clear_all_later
from hub.base.transaction import Transaction
from hub.desk.parties.store import write_house
from hub.desk.parties.tables import HOUSE, SAMPLE, UNNAMED, party, setting

STAYS: Final = frozenset(
    {
        # people, and how they come in
        *("user_account", "user_session", "known_browser", "second_factor", "recovery_code"),
        *("api_token", "user_grant", "reporting_line", "stand_in", "ceiling", "role_setting"),
        *("setup_word", "partner_link"),
        # what people set for themselves and their programs
        *("saved_view", "notice_rule", "notice_address", "push_key", "push_device"),
        *("report_schedule", "webhook", "question_word", "terminal_update"),
        # the hub's own
        *("change", "setting", "history", "job"),
    }
)
"""The tables of which nothing is of the sample, or not all: every other one is emptied.

That is right because the sample is added to a hub without trade, and goes only while every
product, customer, warehouse and terminal is of it: no order, paper or movement can be of others.
"""
_SETTINGS: Final = (
    *(SAMPLE, "distributor", "support", "timezone", "http", "own_prefixes"),
    *("catalogue", "loaded", "claims_unread"),
)
_HISTORY: Final = ("user_account", "api_token", "role", "webhook", "report_schedule", "update")
"""Of what the history stays."""
_JOBS: Final = ("reports.send", "partners.mail", CLEAR)
"""Jobs that are of people, and those that take bytes away whose rows are gone already."""
_NOUN: Final = "sample"


def note_sample(t: Transaction, *, is_there: bool) -> None:
    """Write in the history that the sample came or went."""
    was, now = {"there": not is_there}, {"there": is_there}
    history.record(t, _NOUN, _NOUN, before=was, after=now)


def take_away(t: Transaction) -> None:
    """Empty the hub of the sample and of all that was tried with it; people stay.

    Photos and files at records go from the disk a week later.
    """
    rows = history.history.c
    t.connection.execute(delete(job).where(job.c.kind.not_in(_JOBS)))
    clear_all_later(t)
    t.connection.execute(delete(history.history).where(rows.noun.not_in((*_HISTORY, _NOUN))))
    t.connection.execute(delete(setting).where(setting.c.key.in_(_SETTINGS)))
    for table in reversed(metadata.sorted_tables):
        if table is party:  # the company itself is there on every hub
            t.connection.execute(delete(party).where(party.c.code != HOUSE))
        elif table.name not in STAYS:
            t.connection.execute(delete(table))
    write_house(t, UNNAMED)
