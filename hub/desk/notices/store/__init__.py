"""Notices and the devices that show them, written in a given transaction."""

from hub.desk.notices.store.notices import (
    GATHER,
    MAIL,
    TELL,
    TOPIC,
    Receiver,
    To,
    end_rule,
    expect_change,
    expect_held,
    find_receiver,
    gather,
    named_in,
    put_rule,
    still_waits,
    tell,
    write_sent,
)
from hub.desk.notices.store.persons import end_notices, tell_person
from hub.desk.notices.store.replanning import find_ahead, replan

__all__ = [
    "GATHER",
    "MAIL",
    "TELL",
    "TOPIC",
    "Receiver",
    "To",
    "end_notices",
    "end_rule",
    "expect_change",
    "expect_held",
    "find_ahead",
    "find_receiver",
    "gather",
    "named_in",
    "put_rule",
    "replan",
    "still_waits",
    "tell",
    "tell_person",
    "write_sent",
]
