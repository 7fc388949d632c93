"""What each role may do."""

import pytest

from hub.domain.access import ROLES, Permission, Role, permits


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", ["orders.read", "terminals.read"])
def test_every_role_reads_orders_and_terminals(role: Role, permission: Permission) -> None:
    assert permits(role, permission)


@pytest.mark.parametrize("permission", ["orders.cancel", "messages.read"])
def test_cancelling_and_refused_messages_are_for_staff_and_admins(permission: Permission) -> None:
    allowed = [role for role in ROLES if permits(role, permission)]

    assert allowed == ["admin", "staff"]
