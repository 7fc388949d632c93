"""Records changed field by field: what was seen and is wanted, and why it is not done."""

from hub.base.fields.changing import (
    LONGEST_REASON,
    Change,
    Duplicate,
    Kept,
    Merged,
    Reason,
    Refused,
    merge,
    refused,
)

__all__ = [
    "LONGEST_REASON",
    "Change",
    "Duplicate",
    "Kept",
    "Merged",
    "Reason",
    "Refused",
    "merge",
    "refused",
]
