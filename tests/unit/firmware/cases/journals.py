"""The journal on a file system of its own; power cuts are in `power_cuts`."""

import os

from firmware.flash.journal import KEPT_ANSWERS, SEQS_RESERVED, Journal
from firmware.flash.records import Pieces, RecordFile, read_whole, write_whole
from firmware.flash.stored import NOWHERE
from tests.builders.on_micropython.folders import new_folder


def begun(path=None):
    journal = Journal(path or new_folder())
    journal.begin(1_760_000_000_000)
    return journal


def order(journal, text="bytes"):
    seq = journal.next_seq
    head = {"seq": seq, "order": "order-%d" % seq, "number": "shop-1-%05d" % seq}
    return journal.submit(head, text.encode())


def answered(journal, seq, revision=1, kind="answer", status="confirmed"):
    head = {
        "order": "order-%d" % seq,
        "number": "shop-1-%05d" % seq,
        "revision": revision,
        "status": status,
        "kind": kind,
        "at": 1_760_000_000_500 + seq,
    }
    return journal.take(head, b"answer of %d, %d" % (seq, revision))


def again(journal):
    return Journal(journal.folder)


def seen(journal):
    return (
        journal.boot,
        journal.next_seq,
        list(journal.events),
        list(journal.waiting()),
        [(one.seq, one.order, one.number, one.revision, one.status) for one in journal.orders],
        [(one.number, one.kind, one.state) for one in journal.slips()],
        journal.shop,
        journal.at_ms,
    )


def test_what_was_kept_is_there_after_a_restart():
    journal = begun()
    journal.keep_shop({"customer": "Anand – चंदन"})
    journal.keep_event(["scan", "TEA", "Tea", "", 1, 0, 2])
    order(journal)
    journal.keep_event(["scan", "RICE", "Rice", "", 1, 0, 2])
    answered(journal, 1)
    order(journal)
    journal.spool_queued(journal.by_seq(2))
    journal.keep_event(["coupon", "X"])

    assert seen(again(journal)) == seen(journal)
    assert again(journal).payload(journal.by_seq(2))[:] == b"bytes"
    assert again(journal).answer(again(journal).by_seq(1))[0:99] == b"answer of 1, 1"


def test_a_submitted_order_empties_the_counter_and_waits():
    journal = begun()
    journal.keep_event(["scan", "TEA", "Tea", "", 1, 0, 2])

    order(journal)

    assert list(journal.events) == []
    assert list(journal.waiting()) == [1]


def test_an_answer_frees_the_outbox_and_spools_its_slip_once():
    journal = begun()
    order(journal)
    journal.spool_queued(journal.by_seq(1))

    assert answered(journal, 1)
    assert not answered(journal, 1)
    assert answered(journal, 1, revision=2, kind="notice", status="cancelled")

    assert list(journal.waiting()) == []
    assert [one.kind for one in journal.slips()] == ["notice"]
    assert journal.by_seq(1).status == "cancelled"


def test_a_slip_that_was_on_its_way_at_a_power_cut_is_unknown_and_not_printed_again():
    journal = begun()
    order(journal)
    answered(journal, 1)
    journal.slip_became(journal.slips()[0], "sent")

    later = begun(journal.folder)

    assert later.slips() == []
    assert later.newest.state == "unknown"
    assert later.alarms == ["print_unknown"]


def test_numbers_go_on_over_restarts_and_rewriting():
    journal = begun()
    for _ in range(3):
        order(journal)
    for seq in (1, 2, 3):
        answered(journal, seq)
        journal.slip_became(journal.slips()[0], "printed")
    journal.rewrite()

    assert journal.next_seq == 4
    assert begun(journal.folder).next_seq == 4
    assert begun(journal.folder).boot == 3


def test_rewriting_keeps_all_that_is_needed():
    journal = begun()
    for _ in range(20):
        order(journal, "x" * 50)
    for seq in range(1, 16):
        answered(journal, seq)
        if seq < 15:
            journal.slip_became(journal.slips()[0], "printed")
    journal.spool_queued(journal.by_seq(16))
    journal.keep_event(["scan", "TEA", "Tea", "", 1, 0, 2])
    journal.keep_shop({"customer": "Anand"})
    before, size = seen(journal), journal.size

    journal.rewrite()

    assert seen(journal) == before
    assert journal.size < size
    assert [journal.payload(journal.by_seq(seq))[:] for seq in journal.waiting()] == [b"x" * 50] * 5
    kept = [one for one in journal.orders if one.answer != NOWHERE]
    assert len(kept) == KEPT_ANSWERS
    assert not answered(journal, 1)


def test_a_long_life_stays_small():
    journal = begun()
    for seq in range(1, 400):
        order(journal, "x" * 400)
        answered(journal, seq)
        journal.slip_became(journal.slips()[0], "printed")
        journal.tidy()

    assert journal.size < 64 * 1024
    assert len(journal.orders) < 80
    assert journal.next_seq == 400


def test_orders_of_days_without_a_line_are_all_there_and_hardly_in_memory():
    journal = begun()
    for _ in range(60):
        stored = order(journal, "payload %d" % journal.next_seq)
        journal.spool_queued(stored)
        journal.slip_became(journal.slips()[0], "printed")
    journal.keep_event(["coupon", "X"])

    for one in (journal, again(journal)):
        assert list(one.waiting()) == list(range(1, 61))
        assert len(one.orders) < 20
        assert one.payload(one.by_number("shop-1-00040"))[:] == b"payload 40"
    journal.rewrite()
    assert list(journal.waiting()) == list(range(1, 61))
    assert len(journal.orders) < 20
    assert list(journal.events) == [["coupon", "X"]]
    for seq in [50] + [seq for seq in range(1, 61) if seq != 50]:
        assert answered(journal, seq)
        journal.slip_became(journal.slips()[0], "printed")
    assert (list(journal.waiting()), list(again(journal).waiting())) == ([], [])
    assert journal.slips() == []


def test_answers_of_days_without_a_printer_are_all_printed_in_order_and_hardly_in_memory():
    journal = begun()
    for _ in range(50):
        order(journal)
    for seq in range(1, 51):
        answered(journal, seq)
    journal.rewrite()
    assert not answered(journal, 30)
    journal = again(journal)
    assert (journal.count_slips(), len(journal.orders) < 40) == (50, True)
    assert journal.by_number("shop-1-00030").slip.is_waiting  # as somebody asks for a copy
    order(journal)
    answered(journal, 51)

    printed = []
    while journal.slips():
        slip = journal.slips()[0]
        journal.slip_became(slip, "sent")
        printed.append(slip.stored.number)
        assert journal.answer(slip.stored)[0:99] == b"answer of %d, 1" % int(
            slip.stored.number[-5:]
        )
        journal.slip_became(slip, "printed")
        if len(printed) == 20:
            assert again(journal).count_slips() == 31
    assert printed == ["shop-1-%05d" % seq for seq in range(1, 52)]
    assert again(journal).count_slips() == 0


def test_an_order_that_gets_no_slip_queued_is_still_sent_and_its_answer_printed():
    journal = begun()
    for _ in range(40):
        journal.leave_queued(order(journal))

    for one in (journal, again(journal)):
        assert list(one.waiting()) == list(range(1, 41))
        assert len(one.orders) < 20
        assert one.slips() == []
    assert answered(journal, 39)
    assert [one.kind for one in journal.slips()] == ["answer"]


def test_orders_whose_slip_is_not_printed_keep_it():
    journal = begun()
    for _ in range(40):
        order(journal)
    for seq in range(1, 41):
        journal.spool_queued(journal.by_seq(seq))

    assert len(again(journal).slips()) == 40


def test_damage_in_the_middle_loses_that_record_alone_and_no_number_is_used_twice():
    journal = begun()
    for _ in range(3):
        order(journal, "payload %d" % journal.next_seq)
    third = journal.by_seq(3).asked
    with open(journal.folder + "/journal", "r+b") as stream:
        stream.seek(third[0] + 5)
        stream.write(b"\x00\xa5\x00")

    later = Journal(journal.folder)

    assert list(later.waiting()) == [1, 2]
    assert later.payload(later.by_seq(2))[:] == b"payload 2"
    assert later.alarms == ["records_damaged"]
    assert later.next_seq > 3
    assert later.next_seq <= SEQS_RESERVED + 1


def test_a_journal_cut_at_any_byte_has_all_before_the_cut():
    journal = begun()
    ends = []
    for _ in range(3):
        order(journal)
        ends.append(journal.size)
    with open(journal.folder + "/journal", "rb") as stream:
        whole = stream.read()
    for cut in range(len(whole)):
        with open(journal.folder + "/journal", "wb") as stream:
            stream.write(whole[:cut])
        later = Journal(journal.folder)
        assert len(list(later.waiting())) == sum([1 for end in ends if end <= cut])
        order(later)
        assert len(list(Journal(journal.folder).waiting())) == len(list(later.waiting()))


def test_a_change_that_failed_half_way_lets_nothing_be_written_until_all_is_read_anew():
    journal = begun()
    order(journal)
    made = []

    def torn():
        made.append(1)
        yield b"half"
        if len(made) == 3:
            raise MemoryError
        yield b"half"

    head = {"seq": 2, "order": "order-2", "number": "shop-1-00002"}
    for failing, error in (
        (lambda: journal.submit(head, Pieces(torn)), MemoryError),
        (lambda: order(journal), OSError),
        (lambda: answered(journal, 1), OSError),
        (journal.rewrite, OSError),
        (lambda: list(journal.waiting()), OSError),
    ):
        try:
            failing()
        except error:
            continue
        raise AssertionError

    journal.load()
    assert list(journal.waiting()) == [1]
    assert order(journal).seq > 2
    for one in (journal, again(journal)):
        assert list(one.waiting()) == [1, journal.last_seq]
        assert one.payload(one.by_seq(journal.last_seq))[:] == b"bytes"


def test_a_file_that_cannot_be_read_is_not_taken_for_an_empty_one():
    path = new_folder()
    os.mkdir(path + "/journal")
    for read in (lambda: Journal(path), lambda: read_whole(path + "/journal")):
        try:
            read()
        except OSError:
            continue
        raise AssertionError


def test_a_small_file_is_the_old_or_the_new_one():
    path = new_folder() + "/floor"
    assert read_whole(path) is None
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert read_whole(path) == b"two"

    with open(path, "wb") as stream:
        stream.write(b"\xa5W\x03\x00\x00\x00\x00\x00two")
    assert read_whole(path) is None


def test_a_record_that_is_too_long_is_refused():
    file = RecordFile(new_folder() + "/records")
    try:
        file.append("E", b"x" * 70_000)
    except ValueError:
        assert list(file.scan()) == []
        return
    raise AssertionError


def test_a_number_that_leaves_none_above_it_is_not_believed():
    journal = begun()
    journal.number_above(99)
    for told in (2**53 - 1, 2**53 - 2):
        journal.number_above(told)

    assert order(journal).seq == 100
    assert again(journal).next_seq == 101
