"""Forms that somebody began: kept until they are sent, and each sent once only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, Index, Table, Text, delete, select, update

from hub.base.clock import Clock
from hub.base.engine.columns import BigId, Code, Moment, Name, Word, metadata
from hub.base.engine.database import Database
from hub.base.transaction import Transactions

_KEPT_MS: Final = 30 * 24 * 60 * 60 * 1_000
_TAKEN_MS: Final = 60_000

form_draft: Final = Table(
    "form_draft",
    metadata,
    Column("key", Code, primary_key=True),
    Column("form", Word, nullable=False),
    Column("ref", Code, nullable=False),
    Column("user_id", BigId, nullable=False),
    Column("fields", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("taken_at", Moment),
    Column("led_to", Name),
    Index("ix_form_draft_user_id_form", "user_id", "form", "ref"),
)
"""A form by the key that it carries. `ref` is the record that it changes, empty for a new one.

`taken_at` is when it was sent, `led_to` the address of what came of it: sent a second time, it
leads there again.
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was begun: its key, and what its fields hold."""

    key: str
    fields: Mapping[str, str]
    saved_at: int


class Drafts:
    """Keeps what people typed into forms until it is sent, and what came of it."""

    def __init__(self, database: Database, transactions: Transactions, clock: Clock) -> None:
        self._database: Final = database
        self._transactions: Final = transactions
        self._clock: Final = clock

    def find(self, form: str, ref: str, *, user: int) -> Draft | None:
        """Find the newest form that a person began and has not sent."""
        table = form_draft.c
        query = (
            select(form_draft)
            .where(table.user_id == user, table.form == form, table.ref == ref)
            .where(table.taken_at.is_(None))
            .order_by(table.saved_at.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return Draft(row.key, json.loads(row.fields), row.saved_at) if row else None

    def read(self, key: str, *, form: str, user: int) -> Draft | None:
        """Read what a person's form holds, by its key; None where that person has none such."""
        table = form_draft.c
        query = select(form_draft).where(
            table.key == key, table.form == form, table.user_id == user
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return Draft(row.key, json.loads(row.fields), row.saved_at) if row else None

    def keep(self, key: str, *, form: str, ref: str, user: int, fields: Mapping[str, str]) -> None:
        """Keep what the fields hold by now; of a form that was sent, nothing any more."""
        with self._transactions.open(actor="", at_ms=self._clock.now_ms()) as t:
            written = json.dumps(dict(fields), ensure_ascii=False)
            table = form_draft.c
            own = (table.key == key) & (table.user_id == user)
            there = t.connection.execute(select(table.user_id).where(table.key == key)).first()
            if there is None:
                t.connection.execute(
                    form_draft.insert().values(
                        key=key, form=form, ref=ref, user_id=user, fields=written, saved_at=t.at_ms
                    )
                )
            else:
                t.connection.execute(
                    update(form_draft)
                    .where(own, table.taken_at.is_(None))
                    .values(form=form, ref=ref, fields=written, saved_at=t.at_ms)
                )
            old = table.saved_at < t.at_ms - _KEPT_MS
            t.connection.execute(delete(form_draft).where(old, table.user_id == user))
            t.commit()

    def drop(self, key: str, *, user: int) -> None:
        """Forget a form that was begun; one that was sent stays, so that it is not sent again."""
        with self._transactions.open(actor="", at_ms=self._clock.now_ms()) as t:
            table = form_draft.c
            own = (table.key == key) & (table.user_id == user) & table.taken_at.is_(None)
            t.connection.execute(delete(form_draft).where(own))
            t.commit()

    def drop_older(self, key: str, *, form: str, ref: str, user: int) -> None:
        """Forget a person's other forms about a record that were begun and not sent."""
        with self._transactions.open(actor="", at_ms=self._clock.now_ms()) as t:
            table = form_draft.c
            own = (table.user_id == user) & (table.form == form) & (table.ref == ref)
            others = own & (table.key != key) & table.taken_at.is_(None)
            t.connection.execute(delete(form_draft).where(others))
            t.commit()

    def outcome(self, key: str, *, user: int) -> str | None:
        """Give the address of what came of a form that was sent; None where it was not."""
        table = form_draft.c
        query = select(table.led_to).where(table.key == key, table.user_id == user)
        with self._database.read() as connection:
            return connection.execute(query).scalar()

    def take(self, key: str, *, form: str, user: int) -> bool:
        """Take a form that was sent; False where it was taken before, as by a second click.

        A form that was taken and of which nothing came for a minute may be taken again.
        """
        with self._transactions.open(actor="", at_ms=self._clock.now_ms()) as t:
            table = form_draft.c
            own = (table.key == key) & (table.user_id == user)
            free = table.taken_at.is_(None) | (table.taken_at < t.at_ms - _TAKEN_MS)
            change = update(form_draft).where(own, free, table.led_to.is_(None))
            taken = t.connection.execute(change.values(taken_at=t.at_ms)).rowcount > 0
            there = select(table.key).where(table.key == key)
            if not taken and t.connection.execute(there).first() is None:
                values = {"key": key, "form": form, "ref": "", "user_id": user, "fields": "{}"}
                t.connection.execute(
                    form_draft.insert().values(**values, saved_at=t.at_ms, taken_at=t.at_ms)
                )
                taken = True
            t.commit()
        return taken

    def give_back(self, key: str, *, user: int) -> None:
        """Let a form be sent again, as its act refused it."""
        self._change(key, user, taken_at=None)

    def done(self, key: str, *, user: int, led_to: str) -> None:
        """Write down what came of a form that was taken."""
        self._change(key, user, led_to=led_to)

    def _change(self, key: str, user: int, **values: object) -> None:
        with self._transactions.open(actor="", at_ms=self._clock.now_ms()) as t:
            own = (form_draft.c.key == key) & (form_draft.c.user_id == user)
            t.connection.execute(update(form_draft).where(own).values(**values))
            t.commit()
