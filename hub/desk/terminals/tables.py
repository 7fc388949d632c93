"""Terminals, what came from them and what goes to them: inbox, outbox, presence, refusals."""

from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    Table,
    and_,
    false,
    func,
    or_,
    select,
)
from sqlmodel import Field

from hub.base.engine.columns import (
    BigId,
    Blob,
    Code,
    Digest,
    Flag,
    Moment,
    Name,
    Record,
    Sentence,
    TerminalId,
    Uuid,
    Word,
    among,
    metadata,
    table_of,
)
from hub.desk.orders.tables import awaited, order_
from hub.desk.rulepacks.tables import rule_pack
from hub.desk.terminals.model.diagnoses import DIAGNOSIS_STATES
from hub.desk.terminals.model.enrolment import CLAIM_STATES, TerminalClaim
from hub.desk.terminals.model.rotations import ROTATION_STATES, Rotation
from hub.desk.terminals.model.software import STAGES, TRY_STATES, Update


class Terminal(Record, table=True):
    """A counter terminal: whom it orders for, who serves it; its id names it on MQTT."""

    __tablename__ = "terminal"

    id: str = Field(primary_key=True, sa_type=TerminalId)
    seller_id: int = Field(foreign_key="party.id", index=True, sa_type=BigId)
    customer_id: int = Field(foreign_key="party.id", index=True, sa_type=BigId)
    warehouse_id: int = Field(foreign_key="warehouse.id", index=True, sa_type=BigId)
    secret_sha256: str = Field(sa_type=Digest)
    created_at: int = Field(sa_type=Moment)
    revoked_at: int | None = Field(default=None, sa_type=Moment)
    payments: str | None = Field(
        default=None, sa_type=Word
    )  # parted by commas, the usual one first
    ask_quantity: int | None = Field(default=None, sa_type=BigId)
    ask_amount: int | None = Field(default=None, sa_type=BigId)
    operator_needed: bool | None = Field(default=None, sa_type=Flag)  # None: as its group says
    notices: str | None = Field(default=None, sa_type=Word)
    group_id: int | None = Field(
        default=None, foreign_key="counter_group.id", index=True, sa_type=BigId
    )


counter_group: Final = Table(
    "counter_group",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", Code, nullable=False, unique=True),
    Column("name", Name, nullable=False),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("payments", Word),
    Column("ask_quantity", BigId),
    Column("ask_amount", BigId),
    Column("operator_needed", Flag),
    Column("notices", Word),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Name, nullable=False),
)
"""Groups of a seller's counters: what each of them is set to where it has no setting of its own."""


OF_EARLIER_CARD: Final = "(x.created_at < t.created_at OR x.created_at < coalesce(p.card_at, 0))"
"""Of a message x to a terminal t with its presence p: it was made before the card that is there."""

inbox: Final = Table(
    "inbox",
    metadata,
    Column("terminal", TerminalId, primary_key=True),
    Column("seq", BigId, primary_key=True, autoincrement=False),
    Column("order_uuid", Uuid, nullable=False),  # unique in `order_`, and found there
    Column("payload_sha256", LargeBinary(32), nullable=False),
    Column("received_at", Moment, nullable=False),
)
"""Every order message taken, by terminal and sequence; kept for ever, so that keys never expire."""

outbox: Final = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("terminal", TerminalId, nullable=False),
    Column("kind", Word, nullable=False),  # the last level of the topic: answer or notice
    Column("order_id", BigId, ForeignKey("order_.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("payload", Blob, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("uq_outbox_order_id_revision", "order_id", "revision", unique=True),
)
"""Every answer and notice, byte for byte, from the commit that made it.

Never changed, but for notices that a revoked terminal had not stored: they go to another counter.
"""

unacked: Final = Table(
    "unacked",
    metadata,
    Column("terminal", TerminalId, primary_key=True),
    Column("message", BigId, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    Column("is_sent", Flag, nullable=False),
    sqlite_with_rowid=False,
)
"""Which messages of the outbox their terminal has not acknowledged; `is_sent` needs no sending.

Apart from the messages, as each would be written a second time only for how far it came.
"""

terminal_presence: Final = Table(
    "terminal_presence",
    metadata,
    Column("terminal", TerminalId, ForeignKey("terminal.id"), primary_key=True),
    Column("state", Word, nullable=False),
    Column("boot", BigId, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("queued", BigId, nullable=False),
    Column("oldest_ms", BigId, nullable=False),
    Column("printer", Word, nullable=False),
    Column("slips_waiting", BigId, nullable=False),
    Column("software", Name, nullable=False),
    Column("catalogue", Digest),
    Column("pack", Digest),
    Column("pack_version", BigId),  # null: of before terminals said it
    Column("facts", Digest),
    Column("language", Word),  # of its slips; null: of before terminals said it
    Column("card", Uuid),  # the data folder it runs from; null: of before terminals said it
    Column("card_at", Moment),  # when it took the place of another, or of itself; null: never did
    Column("start", Name),  # which start of it; null: of before the hub kept it
    # The answered orders that it keeps: how many, from which to which number, and the newest word.
    Column("kept_orders", BigId, nullable=False, server_default="0"),
    Column("kept_first", BigId, nullable=False, server_default="0"),
    Column("kept_last", BigId, nullable=False, server_default="0"),
    Column("kept_newest", Uuid),
    Column("kept_revision", BigId, nullable=False, server_default="0"),
    # What of it a person settled that cannot come back: how many orders, and which newest word.
    Column("missing_settled", BigId, nullable=False, server_default="0"),
    Column("newest_settled", Uuid),
    Column("pack_reason", Code),  # why the pack it should have is not in force; null: nothing says
    Column("diagnoses", Flag, nullable=False, server_default=false()),  # when it is asked
    Column("rotates", Flag, nullable=False, server_default=false()),  # its password, when asked
    Column("counter", Digest),  # how its counter is set; null: it was told nothing, or says nothing
    CheckConstraint("state IN ('online', 'offline')", name="state"),
)
"""What each terminal last said of itself. One that is online but silent too long is lost."""

terminal_copy: Final = Table(
    "terminal_copy",
    metadata,
    Column("terminal", TerminalId, ForeignKey("terminal.id"), primary_key=True),
    Column("start", Name, primary_key=True),
    Column("at", Moment, nullable=False),
)
"""Starts that spoke in turn with another of the same id: two machines run, and these were later.

They take no orders. The rows of a terminal go when it is added again, under a new password."""

terminal_claim: Final = Table(
    "terminal_claim",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Word, nullable=False, unique=True),
    Column("key", Digest, nullable=False),
    Column("terminal", TerminalId, ForeignKey("terminal.id"), nullable=False),
    Column("state", Word, nullable=False),
    Column("asks", Flag, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Name, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("device", Name, nullable=False),
    Column("address", Code, nullable=False),
    Column("number", Word, nullable=False),
    Column("password_sha256", Digest),
    Column("password_line", Name),
    CheckConstraint(among("state", CLAIM_STATES), name="state"),
    CheckConstraint("state IN ('open', 'withdrawn') OR password_sha256 IS NOT NULL", name="asked"),
    Index("ix_terminal_claim_terminal", "terminal", "id"),
)
"""Claims of terminals, each for one device: who made it, which device asked, what became of it.

`key` seals what is exchanged about it, in hexadecimal digits: the code on the slip is not kept.
Where it `asks`, a person approves the device, which shows the same `number`."""

operator_card: Final = Table(
    "operator_card",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("card", Word, nullable=False, unique=True),
    Column("customer_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("name", Name, nullable=False),
    Column("pin", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Name, nullable=False),
    Column("ended_at", Moment),
)
"""Who of a customer's people orders at its counters; `pin` proves the PIN, which is not kept."""

terminal_customer: Final = Table(
    "terminal_customer",
    metadata,
    Column("terminal", TerminalId, ForeignKey("terminal.id"), primary_key=True),
    Column("customer_id", BigId, ForeignKey("party.id"), primary_key=True, autoincrement=False),
    Column("since", Moment, nullable=False),
    Column("made_by", Name, nullable=False),
    Index("ix_terminal_customer_customer_id", "customer_id"),
)
"""For which customers a terminal orders beside its own, as a van does, by their cards."""

terminal_log: Final = Table(
    "terminal_log",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("terminal", TerminalId, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("level", Word, nullable=False),
    Column("code", Code, nullable=False),
    Column("text", Sentence, nullable=False),
    Column("order_uuid", Uuid),
)
"""Remarks and alarms of terminals; the newest 10,000."""

refused_message: Final = Table(
    "refused_message",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("terminal", TerminalId, nullable=False),  # empty: the topic is no terminal's
    Column("topic", Name, nullable=False),
    Column("code", Code, nullable=False),
    Column("text", Sentence, nullable=False),
    Column("order_uuid", Code),
    Column("payload", Blob, nullable=False),  # its first 2 KiB
)
"""Messages that were not taken, with the reason; the newest 1,000."""

refused_count: Final = Table(
    "refused_count",
    metadata,
    Column("code", Code, primary_key=True),
    Column("count", BigId, nullable=False),
)
"""How many messages were ever refused for each reason."""


price_alarm: Final = Table(
    "price_alarm",
    metadata,
    Column("order_id", BigId, ForeignKey("order_.id"), primary_key=True, autoincrement=False),
    Column("terminal", TerminalId, nullable=False),
    Column("at", Moment, nullable=False),
    Column("pack_hash", Digest, nullable=False),
    Column("facts_hash", Digest, nullable=False),
    Column("catalogue_hash", Digest, nullable=False),
    Column("quoted_hash", Digest, nullable=False),
    Column("recomputed_hash", Digest, nullable=False),
)
"""Orders that a terminal priced otherwise than the hub does from the very same; kept for ever."""


terminal_software: Final = Table(
    "terminal_software",
    metadata,
    Column("terminal", TerminalId, ForeignKey("terminal.id"), primary_key=True),
    Column("number", BigId, nullable=False),
    Column("machine", Name, nullable=False),
    Column("python", Name, nullable=False),
    Column("manifest", Digest),  # of what it was offered; null: of nothing
    Column("state", Word, nullable=False),
    Column("code", Code),
    Column("text", Sentence, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_terminal_software_machine_python_number", "machine", "python", "number"),
)
"""What each terminal that takes updates last said of its software, since it said so otherwise."""

terminal_update: Final = Table(
    "terminal_update",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Code, nullable=False, unique=True),
    Column("number", BigId, nullable=False),
    Column("version", Code, nullable=False),
    Column("machine", Word, nullable=False),
    Column("python", Word, nullable=False),
    Column("digest", Digest, nullable=False, unique=True),  # of the manifest
    Column("signed", Blob, nullable=False),
    Column("bundle", Digest, nullable=False),
    Column("size", BigId, nullable=False),
    Column("stage", Word, nullable=False),
    Column("reach", Word, nullable=False),
    Column("share", Integer, nullable=False),
    Column("most_failed", Integer, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("added_by", Name, nullable=False),
    CheckConstraint(among("stage", STAGES), name="stage"),
    CheckConstraint("reach IN ('kept', 'first', 'all')", name="reach"),
)
"""Updates of terminals' software, each for one kind of machine; a bundle is a file of the hub's."""

terminal_try: Final = Table(
    "terminal_try",
    metadata,
    Column("update_id", BigId, ForeignKey("terminal_update.id"), primary_key=True),
    Column("terminal", TerminalId, ForeignKey("terminal.id"), primary_key=True),
    Column("state", Word, nullable=False),
    Column("code", Code),
    Column("text", Sentence, nullable=False),
    Column("offered_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    CheckConstraint(among("state", TRY_STATES), name="state"),
    Index("ix_terminal_try_terminal", "terminal"),
)
"""Which terminals an update was offered to, how far each is with it, and why it does not go on."""

terminal_diagnosis: Final = Table(
    "terminal_diagnosis",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Uuid, nullable=False, unique=True),
    Column("terminal", TerminalId, ForeignKey("terminal.id"), nullable=False),
    Column("state", Word, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("asked_by", Name, nullable=False),
    Column("came_at", Moment),
    Column("content", Blob),  # compressed, as it came
    CheckConstraint(among("state", DIAGNOSIS_STATES), name="state"),
    Index("ix_terminal_diagnosis_terminal", "terminal", "id"),
)
"""What terminals were asked to tell of themselves, and told; the newest five of each."""

terminal_diagnosis_piece: Final = Table(
    "terminal_diagnosis_piece",
    metadata,
    Column(
        "diagnosis_id",
        BigId,
        ForeignKey("terminal_diagnosis.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("parts", Integer, nullable=False),
    Column("boot", BigId, nullable=False),
    Column("content", Blob, nullable=False),
)
"""Pieces of what a terminal tells, until all are here; all of them are of one start of it."""

terminal_rotation: Final = Table(
    "terminal_rotation",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Uuid, nullable=False, unique=True),
    Column("terminal", TerminalId, ForeignKey("terminal.id"), nullable=False),
    Column("state", Word, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("asked_by", Name, nullable=False),
    Column("given_at", Moment),
    Column("ended_at", Moment),
    Column("password_sha256", Digest),
    CheckConstraint(among("state", ROTATION_STATES), name="state"),
    CheckConstraint("state NOT IN ('given', 'used') OR password_sha256 IS NOT NULL", name="given"),
    Index("ix_terminal_rotation_terminal", "terminal", "id"),
)
"""Changes of terminals' passwords that somebody asked for; both are good from given to used."""

_rotation: Final = terminal_rotation.c
ROTATION_COLUMNS: Final = (
    *(_rotation.id, _rotation.name, _rotation.terminal, _rotation.state, _rotation.asked_at),
    *(_rotation.asked_by, _rotation.given_at, _rotation.ended_at, _rotation.password_sha256),
)


def rotation_of(row: Row[*tuple[Any, ...]]) -> Rotation:
    """Make a rotation of its row, which has ROTATION_COLUMNS."""
    return Rotation(*row)


_claim: Final = terminal_claim.c
CLAIM_COLUMNS: Final = (
    *(_claim.id, _claim.terminal, _claim.state, _claim.key, _claim.asks, _claim.made_at),
    *(_claim.made_by, _claim.expires_at, _claim.asked_at, _claim.device, _claim.address),
    *(_claim.number, _claim.password_sha256, _claim.password_line),
)


def claim_of(row: Row[*tuple[Any, ...]]) -> TerminalClaim:
    """Make a claim of its row, which has CLAIM_COLUMNS."""
    return TerminalClaim(*row)


def update_of(row: Row[*tuple[Any, ...]]) -> Update:
    """Give an update as a row of its table has it."""
    return Update(**row._mapping)  # noqa: SLF001  # SQLAlchemy's documented name


def is_copied() -> ColumnElement[bool]:
    """Say of a row of terminals that two machines run under its id."""
    here = terminal_copy.c.terminal == table_of(Terminal).c.id
    return select(terminal_copy.c.terminal).where(here).exists()


def is_awaited() -> ColumnElement[bool]:
    """Say of a row of terminals that orders of its customer wait for what it may keep."""
    here = awaited.c.terminal == table_of(Terminal).c.id
    return select(awaited.c.terminal).where(here).exists()


def has_other_pack() -> ColumnElement[bool]:
    """Say of a row of presence that the terminal has a rule pack that is not here.

    Software that does not say the pack's number says nothing of where it is from either.
    """
    pack = terminal_presence.c.pack
    here = select(rule_pack.c.id).where(rule_pack.c.hash == pack).exists()
    return and_(pack.is_not(None), terminal_presence.c.pack_version.is_not(None), ~here)


def is_ahead() -> ColumnElement[bool]:
    """Say of a row of presence that the terminal keeps answered orders that are not here.

    They are counted between the first and the last that it keeps; what it was told last counts too.
    What a person settled does not count.
    """
    said = terminal_presence.c
    here = (
        select(func.count())
        .select_from(inbox)
        .where(
            inbox.c.terminal == said.terminal,
            inbox.c.seq.between(said.kept_first, said.kept_last),
        )
        .correlate(terminal_presence)
        .scalar_subquery()
    )
    known = order_.alias()
    newest = (
        select(known.c.id)
        .where(known.c.uuid == said.kept_newest, known.c.revision >= said.kept_revision)
        .correlate(terminal_presence)
        .exists()
    )
    is_settled = and_(said.newest_settled.is_not(None), said.newest_settled == said.kept_newest)
    return and_(
        said.kept_orders > 0,
        or_(said.kept_orders > here + said.missing_settled, and_(~newest, ~is_settled)),
    )
