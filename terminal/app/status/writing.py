"""Writes the status of a terminal: a birth, a heartbeat, and the will for its end."""

import sys
from functools import cache
from os import urandom
from pathlib import Path
from typing import Literal

from broker.contract.codec import encode
from broker.contract.ids import uuid7
from broker.contract.messages import Status, StatusData
from broker.contract.software import UpdateSaid
from terminal.app.board import Board
from terminal.app.knowledge import Knowledge
from terminal.app.settings import Settings
from terminal.store import Store


def write_status(
    state: Literal["online", "offline"],
    settings: Settings,
    *,
    store: Store,
    knowledge: Knowledge,
    board: Board,
    update: UpdateSaid | None = None,
    rotates: bool = False,
) -> bytes:
    """Write how the terminal is now."""
    hashes, hold = knowledge.hashes(), knowledge.packs.hold
    now = knowledge.now()
    data = StatusData(
        state=state,
        queued=store.orders.count_waiting(),
        oldest_ms=board.oldest_ms(),
        printer=board.printer,
        slips_waiting=store.spool.waiting(),
        catalogue=hashes.catalogue,
        pack=hashes.pack,
        facts=hashes.facts,
        leases=hashes.leases,
        software=software(),
        pack_reason=hold.code if hold else None,
        language=settings.language,
        card=store.card,
        numbered_to=store.numbered_to(),
        kept=store.orders.kept(),
        start=store.start,
        halted=store.halted,
        pack_version=hashes.pack_version,
        counter=hashes.counter,
        cards=hashes.cards,
        update=update,
        diagnoses=True,
        rotates=rotates,
    )
    message = Status(
        id=uuid7(now.at_ms, urandom(10)),
        term=settings.id,
        boot=store.boot,
        at=now.at_ms,
        data=data,
    )
    return encode(message)


@cache
def software() -> str:
    """Name this software and its version, as the folder beside its packages has it in its name.

    `importlib.metadata` would read more of that folder, and with what it needs itself keep 1.2 MiB
    for as long as the terminal runs.
    """
    for folder in map(Path, sys.path):
        for found in folder.glob("orderwire-*.dist-info"):
            return found.name.removesuffix(".dist-info").replace("-", " ", 1)
    return "orderwire"
