"""Deliveries: pick lists, trips, delivery notes and what each brought of each batch."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hub.base.engine.columns import (
    BigId,
    Code,
    Digest,
    Flag,
    Moment,
    Name,
    Sentence,
    Word,
    among,
    metadata,
)
from hub.desk.deliveries.model.life import ON_THE_WAY, SHORT_REASONS, STATES, STILL_HERE
from hub.desk.deliveries.model.outcome import LINE_REASONS

OPEN: Final = among("state", tuple(sorted(STILL_HERE | ON_THE_WAY)))
SHORT: Final = ("", *SHORT_REASONS)
WHY: Final = ("", *LINE_REASONS)

wave: Final = Table(
    "wave",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("warehouse_id", BigId, ForeignKey("warehouse.id"), nullable=False),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
)
"""A pick list: the notes that are picked in one walk through a warehouse."""

trip: Final = Table(
    "trip",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("warehouse_id", BigId, ForeignKey("warehouse.id"), nullable=False),
    Column("vehicle", Code, nullable=False),
    Column("driver", Name, nullable=False),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    # Who drives, if not the seller, by its GSTIN or transporter id, and the way in km; 0: unknown
    Column("carrier", Name, nullable=False, server_default=text("''")),
    Column("carrier_gstin", Word, nullable=False, server_default=text("''")),
    Column("distance", Integer, nullable=False, server_default=text("0")),
    Index("ix_trip_driver", "driver"),
)
"""One drive of a vehicle with the notes that were loaded onto it."""

delivery: Final = Table(
    "delivery",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("number", Word, nullable=False),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("warehouse_id", BigId, ForeignKey("warehouse.id"), nullable=False),
    Column("customer_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("order_id", BigId, ForeignKey("order_.id"), nullable=False, index=True),
    # Whose lines, prices and taxes the note brings; the order may have later revisions of its state
    Column("content", Integer, nullable=False),
    # The delivery address; null: the customer's own. It follows the order until the goods leave
    Column("ship_to_id", BigId),
    Column("state", Word, nullable=False),
    Column("day", Date, nullable=False),
    Column("wave_id", BigId, ForeignKey("wave.id"), nullable=False, index=True),
    Column("trip_id", BigId, ForeignKey("trip.id"), index=True),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("picked_by", Name),
    Column("picked_at", Moment),
    Column("passed_by", Name),  # who let it out although credit is not good enough
    Column("passed_why", Sentence),
    Column("dispatched_by", Name),
    Column("dispatched_at", Moment),
    Column("closed_by", Name),
    Column("closed_at", Moment),
    Column("closed_day", Date),  # the business day on which it came to its end: what bills go by
    Column("receiver", Name, nullable=False, server_default=text("''")),
    # The strokes of who is the receiver, as `model/signature.py` writes them
    Column("signature", Text, nullable=False, server_default=text("''")),
    Column("word", Word, nullable=False, server_default=text("''")),
    Column("word_given", Flag, nullable=False, server_default=text("false")),
    Column("redeliver", Date),
    Column("note", Sentence, nullable=False, server_default=text("''")),
    CheckConstraint(among("state", STATES), name="state"),
    UniqueConstraint("seller_id", "number"),
    Index(
        "ix_delivery_open_order",
        "order_id",
        unique=True,
        sqlite_where=text(OPEN),
        postgresql_where=text(OPEN),
    ),
    Index("ix_delivery_state_id", "state", "id"),
    Index("ix_delivery_customer_id_id", "customer_id", "id"),
)
"""A delivery note: one order, or what there is of it, brought to its customer.

An order has one open note at most. `word` is told to the shop when the goods leave; where its
receiver said it to the driver, `word_given` is set.
"""

delivery_line: Final = Table(
    "delivery_line",
    metadata,
    Column("delivery_id", BigId, ForeignKey("delivery.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("free", Flag, nullable=False),
    Column("line", Integer, nullable=False),
    Column("product_id", BigId, ForeignKey("product.id"), nullable=False, index=True),
    Column("sku", Code, nullable=False),
    Column("batch_id", BigId, ForeignKey("batch.id"), index=True),  # null: not kept in stock
    Column("planned", BigId, nullable=False),
    Column("picked", BigId, nullable=False, server_default=text("0")),
    Column("short_reason", Word, nullable=False, server_default=text("''")),
    Column("sent", BigId, nullable=False, server_default=text("0")),
    Column("delivered", BigId, nullable=False, server_default=text("0")),
    Column("back", BigId, nullable=False, server_default=text("0")),
    Column("damaged", BigId, nullable=False, server_default=text("0")),
    Column("lost", BigId, nullable=False, server_default=text("0")),
    Column("reason", Word, nullable=False, server_default=text("''")),
    Column("billed", BigId, nullable=False, server_default=text("0")),
    CheckConstraint("picked BETWEEN 0 AND planned", name="picked"),
    CheckConstraint("sent BETWEEN 0 AND picked", name="sent"),
    CheckConstraint(
        "delivered >= 0 AND back >= 0 AND damaged >= 0 AND lost >= 0 "
        "AND delivered + back + damaged + lost <= sent",
        name="outcome",
    ),
    CheckConstraint("billed BETWEEN 0 AND delivered", name="billed"),
    CheckConstraint(among("short_reason", SHORT), name="short_reason"),
    CheckConstraint(among("reason", WHY), name="reason"),
    sqlite_with_rowid=False,
)
"""Base units of one batch for one line of the order, and what became of them.

`free` and `line` name the line of the order's revision `delivery.content`, which has the price.
What came `back` is good, what is `damaged` came back too; `billed` is of what was delivered.
"""

delivery_photo: Final = Table(
    "delivery_photo",
    metadata,
    Column("delivery_id", BigId, ForeignKey("delivery.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", Digest, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("delivery_id", "digest"),
    CheckConstraint("number >= 1", name="number"),
)
"""A photo of the goods where a note brought them; its file is found by `digest`, its SHA-256.

Photos are numbered 1, 2, 3 within their note. None is ever taken away.
"""
