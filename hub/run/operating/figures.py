"""What processes that take orders or do jobs count: orders, time, what waits, the last backup."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from broker.contract.topics import SHARDS
from broker.link.hub_link import HubLink
from hub.base.clock import Clock, ClockError
from hub.base.engine.database import Database
from hub.base.jobs import count_dead, count_due
from hub.desk.terminals.intake.intake import Intake
from hub.run.operating.last_backup import read_last_backup
from hub.run.operating.metrics import Figure
from hub.run.operating.sharing import SharedShards

_MS_PER_S: Final = 1_000


def figures_of_intake(intake: Intake, link: HubLink, shards: SharedShards | None) -> list[Figure]:
    """Give the figures; without `shards` the process decides for every terminal."""
    count = intake.counts
    return [
        Figure(
            "orderwire_orders_total",
            "counter",
            "Order messages dealt with, repeats among them.",
            lambda: count["orders"],
        ),
        Figure(
            "orderwire_orders_refused_total",
            "counter",
            "Order messages that were refused.",
            lambda: count["refused"],
        ),
        Figure(
            "orderwire_groups_total",
            "counter",
            "Groups of orders that were committed together.",
            lambda: count["groups"],
        ),
        Figure(
            "orderwire_deciding_seconds_total",
            "counter",
            "Time that groups of orders took, commits and answers included.",
            lambda: intake.deciding_s,
        ),
        Figure(
            "orderwire_statuses_total",
            "counter",
            "Statuses heard of terminals.",
            lambda: count["statuses"],
        ),
        Figure(
            "orderwire_messages_waiting",
            "gauge",
            "Messages that wait to be dealt with.",
            lambda: intake.waiting,
        ),
        Figure(
            "orderwire_broker_connected",
            "gauge",
            "1 while the broker is connected.",
            link.connected.is_set,
        ),
        Figure(
            "orderwire_shards_held",
            "gauge",
            "Shards of terminals that are decided here.",
            lambda: SHARDS if shards is None else len(shards.held),
        ),
    ]


def figures_of_jobs(database: Database, clock: Clock, folder: Path) -> list[Figure]:
    """Give the figures of a process that does jobs; counted when they are asked for."""

    def counted(count: Callable[[Connection, int], int]) -> float:
        with database.read() as connection:
            return count(connection, clock.now_ms())

    return [
        Figure(
            "orderwire_jobs_due",
            "gauge",
            "Jobs whose time has come.",
            _where_known(lambda: counted(count_due)),
        ),
        Figure(
            "orderwire_jobs_given_up",
            "gauge",
            "Jobs that failed for good and wait for a person.",
            _where_known(lambda: counted(lambda connection, _: count_dead(connection))),
        ),
        Figure(
            "orderwire_backup_age_seconds",
            "gauge",
            "How old the last backup is; infinite where there is none.",
            _where_known(lambda: _age_of_backup(folder, clock.now_ms())),
        ),
    ]


def _where_known(read: Callable[[], float]) -> Callable[[], float]:
    """Give no number while database or clock give none: `/health` says what they lack."""

    def known() -> float:
        try:
            return read()
        except (SQLAlchemyError, ClockError):
            return math.nan

    return known


def _age_of_backup(folder: Path, now_ms: int) -> float:
    last = read_last_backup(folder)
    return math.inf if last is None else (now_ms - last.at) / _MS_PER_S
