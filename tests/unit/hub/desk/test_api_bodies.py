"""What programs send: no reason is longer than histories keep it."""

import importlib
import pkgutil

import msgspec
import pytest

import hub.desk

REASONS = {"why", "note"}


def bodies() -> list[type[msgspec.Struct]]:
    """Give every body of a program in which something is done for a reason."""
    found = set()
    for module in pkgutil.walk_packages(hub.desk.__path__, "hub.desk."):
        if ".api" not in module.name:
            continue
        for one in vars(importlib.import_module(module.name)).values():
            if isinstance(one, type) and issubclass(one, msgspec.Struct):
                found.add(one)
    named = [one for one in found if REASONS & set(one.__struct_fields__)]
    return sorted(named, key=lambda one: (one.__module__, one.__name__))


@pytest.mark.parametrize("body", bodies(), ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_a_reason_that_no_history_keeps_is_refused(body: type[msgspec.Struct]) -> None:
    (why,) = (one for one in msgspec.structs.fields(body) if one.name in REASONS)

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert("x" * 501, why.type)


def test_there_are_such_bodies() -> None:
    assert len(bodies()) > 15
