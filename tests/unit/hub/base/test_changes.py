"""Changes inside one process: to whoever listens, of declared topics only."""

import pytest

from hub.base.changes import Broadcaster, UndeclaredTopicError


def test_a_topic_reaches_everybody_who_listens_until_they_leave() -> None:
    changes = Broadcaster("orders")
    first: list[str] = []
    second: list[str] = []
    leave = changes.subscribe(first.append)
    changes.subscribe(second.append)

    changes.publish("orders")
    leave()
    changes.publish("orders")

    assert (first, second) == (["orders"], ["orders", "orders"])


def test_an_undeclared_topic_is_an_error_also_where_nobody_listens() -> None:
    with pytest.raises(UndeclaredTopicError, match="shelves"):
        Broadcaster("orders").publish("shelves")


def test_a_topic_may_be_declared_later_and_twice() -> None:
    changes = Broadcaster()
    heard: list[str] = []
    changes.subscribe(heard.append)

    changes.declare("stock")
    changes.declare("stock", "orders")
    changes.publish("stock")

    assert heard == ["stock"]
    assert changes.topics == {"stock", "orders"}
