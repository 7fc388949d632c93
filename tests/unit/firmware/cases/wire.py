"""The wire, by the same kept bytes that every other end is tested with."""

import json

from firmware.core.reading import elements, members, value_end, value_of
from firmware.core.wire import (
    ack_bytes,
    facts_hash,
    log_bytes,
    order_pieces,
    read_down,
    renumbered,
    status_bytes,
    topic,
    uuid7,
)
from firmware.core.writing import written

GOLDEN = "tests/golden/wire/"


def kept(name):
    with open(GOLDEN + name + ".json", "rb") as stream:
        return stream.read()


def parted(name):
    whole = json.loads(kept(name))
    data = whole.pop("data")
    return whole, data


def test_orders_have_the_kept_bytes():
    for name in ("order", "order-packs"):
        envelope, order = parted(name)
        # The firmware makes no quote: its own order of fields is all that is kept of one here.
        whole = kept(name)
        spans = members(whole, members(whole)["data"][0])
        quote = whole[spans["quote"][0] : spans["quote"][1]]
        choices = tuple(order["choices"].items())

        made = b"".join(order_pieces(envelope, dict(order, quote=None, choices=choices)))

        assert made == whole.replace(quote, b"null"), name


def test_an_order_under_another_number_is_never_whole_in_memory():
    payload = kept("order")
    envelope = {"id": "new-id", "boot": 8, "seq": 4711, "at": 1_760_000_099_000}

    made = list(renumbered(payload, envelope, "anand-stores-04711"))

    told, before = json.loads(b"".join(made)), json.loads(payload)
    assert told == dict(before, data=dict(before["data"], number="anand-stores-04711"), **envelope)
    assert len(payload) > 2 * max([len(piece) for piece in made])


def test_an_acknowledgement_has_the_kept_bytes():
    envelope, ack = parted("ack")

    assert ack_bytes(envelope, ack["order"], ack["revision"]) == kept("ack")


def test_a_status_has_the_kept_bytes():
    envelope, status = parted("status")
    # The firmware says nothing of the orders that it keeps, and takes no updates of this kind.
    whole = kept("status")
    spans = members(whole, members(whole)["data"][0])
    orders, update = (whole[spans[name][0] : spans[name][1]] for name in ("kept", "update"))

    made = status_bytes(envelope, dict(status, kept=None, update=None))

    assert made == whole.replace(orders, b"null").replace(update, b"null")


def test_a_remark_has_the_kept_bytes():
    envelope, remark = parted("log")

    assert log_bytes(envelope, remark) == kept("log")


def test_every_message_of_the_hub_is_read():
    for name in (
        "answer",
        "answer-codes",
        "answer-packs",
        "refused",
        "notice",
        "config",
        "hub_status",
    ):
        message = read_down(kept(name))
        whole = json.loads(kept(name))

        assert message.kind == name.partition("-")[0]
        assert (message.id, message.term, message.at_ms) == (
            whole["id"],
            whole["term"],
            whole["at"],
        )
        for member in whole["data"]:
            assert message.value(member) == whole["data"][member]


def test_an_answer_cut_at_any_byte_is_refused_and_never_half_read():
    whole = kept("answer")
    for end in range(0, len(whole) - 1, 7):
        try:
            read_down(whole[:end])
        except ValueError:
            continue
        raise AssertionError(end)


def test_of_an_answer_that_is_too_long_the_start_says_which_order_and_how_it_went():
    message = read_down(kept("answer")[:420], whole=False)

    assert message.text("order") == "0199c82c-c3e8-7000-8000-000000001ef2"
    assert message.text("number") == "anand-stores-41"
    assert message.text("status") == "confirmed_changed"
    assert message.count("revision") == 1


def test_what_is_no_message_of_the_hub_is_refused():
    for payload in (
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"type":"order"}',
        b'{"type":"answer","id":1,"term":"a","at":1,"data":{}}',
        b'{"type":"answer","id":"a","term":"a","at":-1,"data":{}}',
        b'{"type":"answer","id":"a","term":"a","at":1,"data":[]}',
        b'{"v":2,"type":"answer","id":"a","term":"a","at":1,"data":{}}',
        b"[" * 40 + b"]" * 40,
        b'{"type":"answer\xff"}',
        b'{"a":' + b"[" * 30 + b"]" * 30 + b"}",
    ):
        try:
            read_down(payload)
        except ValueError:
            continue
        raise AssertionError(payload)


def test_lists_are_read_one_element_after_the_other():
    text = b' [ {"a":[1,"]"]} , "x\\"y" , -3 , null ] '

    found = [value_of(text, span) for span in elements(text, 0)]

    assert found == [{"a": [1, "]"]}, 'x"y', -3, None]
    assert list(elements(b"[]", 0)) == []
    assert members(b" { } ") == {}
    assert value_end(b'"a\\\\"', 0) == 5


def test_topics_are_those_of_the_contract():
    assert topic("anand-stores", "up", "order") == "ow/v1/12/t/anand-stores/up/order"
    assert topic("anand-stores", "down", "#") == "ow/v1/12/t/anand-stores/down/#"


def test_ids_carry_their_time_and_their_version():
    made = uuid7(1_760_000_042_000, b"\xff" * 10)

    assert made == "0199c82d-6410-7fff-bfff-ffffffffffff"


def test_facts_have_the_hub_s_name():
    customer = {
        "id": "C-0107",
        "name": "Anand Stores – चंदन",
        "type": None,
        "geo": ["IN", "KA"],
        "status": "active",
        "credit": {"state": "amount", "limit": 2_000_000, "exposure": 1},
    }

    assert facts_hash(customer) == (
        "1b6b0056b37eea54cdedc9b8cf9be4f3f54648c56b9dedf023dd48011dc9f49c"
    )


def test_text_is_escaped_as_little_as_json_allows():
    assert written('a"b\\c\n\té\x01').decode() == '"a\\"b\\\\c\\n\\té\\u0001"'
    assert written([1, None, True, False, (("b", 2), ("a", "x"))]).decode() == (
        '[1,null,true,false,{"b":2,"a":"x"}]'
    )


def test_amounts_above_two_to_the_thirty_are_read_and_written():
    assert written(750_000_010_000) == b"750000010000"
    assert value_of(b"9007199254740991", (0, 16)) == 9_007_199_254_740_991
