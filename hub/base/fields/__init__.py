"""Records changed field by field: what was seen and is wanted, and why it is not done."""

from hub.base.fields.changing import (
    Change,
    Duplicate,
    Kept,
    Merged,
    Reason,
    Refused,
    merge,
    refused,
)

__all__ = ["Change", "Duplicate", "Kept", "Merged", "Reason", "Refused", "merge", "refused"]
