"""What each role of a new hub may do."""

import re
from itertools import groupby
from pathlib import Path

import pytest

from hub.base.access import (
    ROLES,
    AccessError,
    PermissionRegistry,
    UngrantedPermissionError,
    UnknownPermissionError,
    read_default_grants,
)
from hub.desk.field.pages.uploads import NEEDS_OF_ENTRIES
from hub.run.bootstrap import NOUNS, permissions_of

ROOT = Path(__file__).parents[4]
GRANTS = read_default_grants()
FORMER_ROLES = {"admin": ("admin",), "staff": ("sales", "rule_writer"), "viewer": ("auditor",)}
"""The three roles that there once were, and what the migration made of each."""


def allowed(permission: str) -> set[str]:
    """Name the roles that have a permission."""
    return {role for role in ROLES if permission in GRANTS[role]}


def declared() -> PermissionRegistry:
    """Declare what a new hub grants."""
    registry = PermissionRegistry()
    granted = sorted({one.partition(".")[::2] for role in ROLES for one in GRANTS[role]})
    for noun, pairs in groupby(granted, key=lambda pair: pair[0]):
        registry.declare(noun, *(verb for _, verb in pairs))
    return registry


def asked_for() -> set[str]:
    """Name the permissions that pages, menus and topics ask for."""
    pages = [path for path in (ROOT / "hub").rglob("*") if path.suffix in {".py", ".html"}]
    asks = r"signed_in_for\(|token_for\(|may\(|(?:prove_user|named)\(ground, arguments,"
    calls = re.compile(rf"""(?:{asks})\s*["'](\w+\.\w+)""")
    found = {one for path in pages for one in calls.findall(path.read_text())}
    for noun in NOUNS:
        found |= {entry.permission for entry in noun.menu} | set(noun.topics.values())
    return found | {one for one in NEEDS_OF_ENTRIES.values() if one}


def test_every_role_reads_orders_or_is_for_rules_alone() -> None:
    assert allowed("orders.read") == set(ROLES) - {"rule_writer"}


@pytest.mark.parametrize("permission", ["orders.hold", "orders.amend", "messages.read"])
def test_changing_orders_and_refused_messages_are_for_who_sells(permission: str) -> None:
    assert allowed(permission) == {"owner", "admin", "manager", "sales"}


def test_an_order_is_taken_back_by_who_sells_and_by_its_own_customer() -> None:
    assert allowed("orders.cancel") == {"owner", "admin", "manager", "sales", "partner"}


def test_whoever_writes_rules_does_not_publish_them() -> None:
    assert allowed("packs.add") == {"owner", "admin", "manager", "rule_writer"}
    assert allowed("packs.publish") == {"owner", "admin"}


def test_who_only_looks_changes_nothing() -> None:
    assert {permission.partition(".")[2] for permission in GRANTS["auditor"]} == {"read"}


@pytest.mark.parametrize("permission", ["packs.publish", "orders.cancel", "packs.add"])
def test_nobody_may_do_more_than_in_the_role_of_before(permission: str) -> None:
    before = {
        "packs.publish": {"admin"},
        "packs.add": {"admin", "staff"},
        "orders.cancel": {"admin", "staff"},
    }

    now = {old for old, roles in FORMER_ROLES.items() if allowed(permission) & set(roles)}

    assert now == before[permission]


def test_each_permission_that_a_page_asks_for_is_granted_to_somebody() -> None:
    asked = asked_for()

    assert {"orders.cancel", "approvals.decide", "packs.publish"} <= asked
    assert {one for one in asked if not allowed(one)} == set()


def test_what_the_nouns_declare_is_what_a_new_hub_grants() -> None:
    permissions_of(NOUNS).check_defaults(GRANTS)


def test_each_permission_that_is_granted_is_asked_for_somewhere() -> None:
    assert set[str]().union(*GRANTS.values()) - asked_for() == set()


def test_a_grant_that_no_noun_declares_keeps_the_hub_from_starting() -> None:
    with pytest.raises(UnknownPermissionError, match=r"orders\.eat"):
        declared().check_defaults({**GRANTS, "owner": GRANTS["owner"] | {"orders.eat"}})


def test_a_permission_that_nobody_has_keeps_the_hub_from_starting() -> None:
    registry = declared()
    registry.declare("tests", "run")

    with pytest.raises(UngrantedPermissionError, match=r"tests\.run"):
        registry.check_defaults(GRANTS)


@pytest.mark.parametrize("words", [("orders", "read"), ("new", "Read"), ("new", "do", "do")])
def test_a_noun_is_declared_once_and_in_small_letters(words: tuple[str, ...]) -> None:
    registry = declared()

    with pytest.raises(AccessError, match="declared twice, or not in small letters"):
        registry.declare(*words)


def test_to_ask_for_a_permission_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UnknownPermissionError):
        declared().may(["owner"], "orders.eat", grants=GRANTS)


def test_a_file_that_names_no_role_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "grants.toml"
    file.write_text('[orders]\nread = ["admin", "clerk"]\n')

    with pytest.raises(AccessError, match=r"orders\.read names no role: clerk"):
        read_default_grants(file)


def test_an_owner_may_do_all_that_anybody_may() -> None:
    assert GRANTS["owner"] == frozenset[str]().union(*GRANTS.values())


def test_one_role_of_several_is_enough() -> None:
    asked = [["auditor"], ["auditor", "admin"], ["nobody"], []]

    answers = [declared().may(roles, "packs.publish", grants=GRANTS) for roles in asked]

    assert answers == [False, True, False, False]


@pytest.mark.parametrize("role", FORMER_ROLES)
def test_of_what_there_was_before_nobody_may_more_or_less(role: str) -> None:
    viewer = {"orders.read", "terminals.read"}
    staff = viewer | {"orders.cancel", "messages.read", "packs.read", "packs.add"}
    before = {"viewer": viewer, "staff": staff, "admin": staff | {"packs.publish"}}

    now = frozenset[str]().union(*(GRANTS[one] for one in FORMER_ROLES[role]))

    assert now & before["admin"] == before[role]
