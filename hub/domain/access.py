"""Who may do what: roles, and the permissions they carry."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

Role = Literal["admin", "staff", "viewer"]
Permission = Literal[
    "orders.read", "orders.cancel", "terminals.read", "messages.read", "users.read", "users.write"
]

ROLES: Final = get_args(Role)

_VIEWER: Final[frozenset[Permission]] = frozenset({"orders.read", "terminals.read"})
# Refused messages show what anybody sent, word for word: staff need that, onlookers do not.
_STAFF: Final = _VIEWER | {"orders.cancel", "messages.read"}
_ADMIN: Final = _STAFF | {"users.read", "users.write"}

PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {"viewer": _VIEWER, "staff": _STAFF, "admin": _ADMIN}
)


def permits(role: Role, permission: Permission) -> bool:
    """Say whether a user of this role may do what the permission names."""
    return permission in PERMISSIONS[role]
