"""The queue between the network thread and the thread that decides."""

import threading

from hub.desk.terminals.intake.mailbox import Mailbox

DEADLINE_S = 60


def test_what_waits_is_taken_together_in_order_up_to_the_most() -> None:
    box: Mailbox[int] = Mailbox(10)
    for number in range(5):
        box.put(number, sender="shop-1")

    first, second = box.take(3, 0), box.take(3, 0)

    assert (first, second) == ([0, 1, 2], [3, 4])


def test_an_empty_box_gives_nothing_after_the_wait() -> None:
    assert Mailbox[int](10).take(3, 0.001) == []


def test_a_full_box_makes_the_sender_wait_until_there_is_room() -> None:
    box: Mailbox[int] = Mailbox(2)
    box.put(1, sender="shop-1")
    box.put(2, sender="shop-1")
    sender = threading.Thread(target=box.put, args=(3,), kwargs={"sender": "shop-1"})
    sender.start()

    taken = box.take(1, DEADLINE_S)
    sender.join(DEADLINE_S)

    assert taken == [1]
    assert box.take(5, 0) == [2, 3]


def test_a_closed_box_gives_nothing_and_lets_a_waiting_sender_go() -> None:
    box: Mailbox[int] = Mailbox(1)
    box.put(1, sender="shop-1")
    sender = threading.Thread(target=box.put, args=(2,), kwargs={"sender": "shop-1"})
    sender.start()

    box.close()
    sender.join(DEADLINE_S)

    assert not sender.is_alive()
    assert box.take(5, 0) == []


def test_senders_take_turns_and_each_keeps_its_order() -> None:
    box: Mailbox[str] = Mailbox(10)
    for item in ("A1", "A2", "A3", "B1", "C1", "B2"):
        box.put(item, sender=item[0])

    taken = [*box.take(4, 0), *box.take(4, 0)]

    assert taken == ["A1", "B1", "C1", "A2", "B2", "A3"]


def test_a_group_is_full_by_what_its_items_weigh() -> None:
    box: Mailbox[str] = Mailbox(10)
    for item, weight in (("A1", 1), ("A2", 8), ("A3", 1), ("A4", 8), ("A5", 8)):
        box.put(item, sender="A", weight=weight)

    first, second = box.take(16, 0), box.take(16, 0)

    assert (first, second) == (["A1", "A2", "A3", "A4"], ["A5"])
