"""What the wire's edge promises, as the audit checks it."""

from hub.desk.terminals.promises.answers import check_answers
from hub.desk.terminals.promises.notes import (
    note_alarms,
    note_copies,
    note_gaps,
    note_packs,
)
from hub.desk.terminals.promises.statements import CHECK

__all__ = ["CHECK", "check_answers", "note_alarms", "note_copies", "note_gaps", "note_packs"]
