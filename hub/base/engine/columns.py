"""The metadata every table hangs on, and the column types they share."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, MetaData, String, Table
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata: Final = MetaData(naming_convention=NAMING)

# SQLite numbers rows by itself only in a column declared INTEGER; everything else is 64 bits wide.
BigId: Final = BigInteger().with_variant(Integer(), "sqlite")
Amount: Final = BigInteger()
Moment: Final = BigInteger()
Digest: Final = String(64)
Uuid: Final = String(36)
TerminalId: Final = String(32)
Code: Final = String(64)
Word: Final = String(32)
Name: Final = String(200)
Sentence: Final = String(500)
Flag: Final = Boolean(create_constraint=False)
Blob: Final = LargeBinary()


def listed(words: Iterable[str]) -> str:
    """Write words of our own as a list of SQL: `('held', 'confirmed')`."""
    return f"({', '.join(repr(word) for word in words)})"


def among(column: str, words: Iterable[str]) -> str:
    """Write the check that a column holds one of these words."""
    return f"{column} IN {listed(words)}"


class Record(SQLModel, registry=registry(metadata=metadata)):
    """Base of the records that the hub only keeps and shows."""


def table_of(record: type[Record]) -> Table:
    """Give a record's table, for statements that want rows and not objects."""
    return metadata.tables[str(record.__tablename__)]
