"""Who may do what: roles, and the permissions they carry."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

from hub.base.access import Permission

Role = Literal["admin", "staff", "viewer"]
ROLES: Final = get_args(Role)

_Permissions = frozenset[Permission]

_VIEWER: Final = _Permissions({"orders.read", "terminals.read"})
# Refused messages show what anybody sent, word for word: staff need that, onlookers do not.
_STAFF: Final = _VIEWER | _Permissions(
    {"orders.cancel", "messages.read", "packs.read", "packs.add"}
)
# Staff write rules, an administrator publishes them, and never their own.
_ADMIN: Final = _STAFF | _Permissions({"packs.publish"})

PERMISSIONS: Final[Mapping[Role, _Permissions]] = MappingProxyType(
    {"viewer": _VIEWER, "staff": _STAFF, "admin": _ADMIN}
)


def permits(role: Role, permission: Permission) -> bool:
    """Say whether a user of this role may do what the permission names."""
    return permission in PERMISSIONS[role]
