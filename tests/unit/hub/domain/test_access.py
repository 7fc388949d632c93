"""What each role may do."""

import pytest

from hub.base.access import Permission
from hub.domain.access import ROLES, Role, permits


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", ["orders.read", "terminals.read"])
def test_every_role_reads_orders_and_terminals(role: Role, permission: Permission) -> None:
    assert permits(role, permission)


@pytest.mark.parametrize("permission", ["orders.cancel", "messages.read"])
def test_cancelling_and_refused_messages_are_for_staff_and_admins(permission: Permission) -> None:
    allowed = [role for role in ROLES if permits(role, permission)]

    assert allowed == ["admin", "staff"]


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("packs.read", ["admin", "staff"]),
        ("packs.add", ["admin", "staff"]),
        ("packs.publish", ["admin"]),
    ],
)
def test_staff_write_rules_and_administrators_publish_them(
    permission: Permission, roles: list[Role]
) -> None:
    assert [role for role in ROLES if permits(role, permission)] == roles
