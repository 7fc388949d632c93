"""The hub's mark: on its own bytes, for one order, under one key."""

from broker.contract import bears_mac, told_again, told_once, with_mac

WRITTEN = b'{"v":1,"data":{"payable":100}}'
KEY, OTHER = b"k" * 32, b"o" * 32


def test_marked_bytes_are_known_again_for_the_order_they_answer() -> None:
    marked = with_mac(WRITTEN, KEY, of=b"d" * 32)

    assert marked.startswith(WRITTEN[:-1])
    assert bears_mac(marked, KEY, of=b"d" * 32)


def test_another_key_another_order_other_bytes_or_no_mark_are_not_known() -> None:
    marked = with_mac(WRITTEN, KEY, of=b"d" * 32)

    assert not bears_mac(marked, OTHER, of=b"d" * 32)
    assert not bears_mac(marked, KEY, of=b"e" * 32)
    assert not bears_mac(marked, KEY)
    assert not bears_mac(marked.replace(b"100", b"900"), KEY, of=b"d" * 32)
    assert not bears_mac(WRITTEN, KEY, of=b"d" * 32)


def test_what_is_told_again_says_so_behind_the_mark_once() -> None:
    marked = with_mac(WRITTEN, KEY)

    again = told_again(told_again(marked))

    assert again.startswith(marked[:-1])
    assert again.count(b'"again":true') == 1
    assert bears_mac(again, KEY)
    assert told_once(again) == told_once(marked) == marked
