"""Hubs that start at one moment: each has seen a database before any of them changes it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Barrier
from typing import Final

from sqlalchemy import Connection

from hub.base.engine.database import Database, open_database
from hub.base.engine.migrate import MakeSchema, upgrade

DEADLINE_S: Final = 60.0


class _Starter(Database):
    """A database of one of them, which changes its schema once all are about to."""

    def __init__(self, url: str, all_are: Barrier) -> None:
        super().__init__(url)
        self._all_are = all_are

    @contextmanager
    def change_schema(self) -> Iterator[Connection]:
        """Open the transaction of a migration as any other, when the others would too."""
        self._all_are.wait(DEADLINE_S)
        with super().change_schema() as connection:
            yield connection


def start_together(url: str, *, count: int, make: MakeSchema | None = None) -> list[str]:
    """Have so many bring one database up at once; gives the revision that each says it has.

    Raises what any of them did.
    """
    open_database(url).close()  # a SQLite file begins with a head
    all_are = Barrier(count)

    def start(_number: int) -> str:
        with closing(_Starter(url, all_are)) as database:
            return upgrade(database, make=make)

    with ThreadPoolExecutor(count) as starters:
        return list(starters.map(start, range(count)))
