"""Accounts read for pages and files, in the reader's scope."""

from hub.desk.accounts.reads.ageing import CustomerAges, read_ageing, read_ages
from hub.desk.accounts.reads.documents import (
    StatementRow,
    list_open,
    overdue_total,
    read_statement,
    sum_open,
)
from hub.desk.accounts.reads.payment_words import payment_word
from hub.desk.accounts.reads.standing import Standing, read_openings, read_standing

__all__ = [
    "CustomerAges",
    "Standing",
    "StatementRow",
    "list_open",
    "overdue_total",
    "payment_word",
    "read_ageing",
    "read_ages",
    "read_openings",
    "read_standing",
    "read_statement",
    "sum_open",
]
