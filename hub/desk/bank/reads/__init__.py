"""Bank statements read for pages and programs, in the reader's scope."""

from hub.desk.bank.reads.statements import (
    RowShown,
    StatementDetail,
    StatementRow,
    find_rows,
    list_statements,
    read_statement,
)

__all__ = [
    "RowShown",
    "StatementDetail",
    "StatementRow",
    "find_rows",
    "list_statements",
    "read_statement",
]
