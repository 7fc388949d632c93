"""What a reviewer sees of changed rule files."""

from hub.desk.rulepacks.model.differences import LARGEST_BYTES, MOST_LINES, changed_files


def test_equal_files_are_left_out_and_others_named_by_what_happened_to_them() -> None:
    before = {"same.yaml": b"a", "gone.yaml": b"b", "pack.yaml": b"c\n"}
    after = {"same.yaml": b"a", "new.yaml": b"d", "pack.yaml": b"e\n"}

    found = changed_files(before, after)

    assert [(one.path, one.kind) for one in found] == [
        ("gone.yaml", "removed"),
        ("new.yaml", "added"),
        ("pack.yaml", "changed"),
    ]


def test_a_changed_line_is_shown_between_its_neighbours() -> None:
    before = b"".join(b"line %d\n" % n for n in range(20))
    after = before.replace(b"line 10\n", b"line ten\n")

    (found,) = changed_files({"a": before}, {"a": after})

    assert [(line.kind, line.text) for line in found.lines[3:6]] == [
        ("same", "line 9"),
        ("minus", "line 10"),
        ("plus", "line ten"),
    ]
    assert (found.lines[0].kind, len(found.lines), found.cut) == ("skipped", 9, False)


def test_a_long_difference_is_cut_and_a_large_file_only_named() -> None:
    long = b"".join(b"%d\n" % n for n in range(MOST_LINES + 1))

    (many,) = changed_files({}, {"a": long})
    (large,) = changed_files({}, {"a": b"x" * (LARGEST_BYTES + 1)})

    assert (len(many.lines), many.cut) == (MOST_LINES, True)
    assert (large.lines, large.cut) == ((), True)


def test_what_is_not_text_is_shown_as_escapes() -> None:
    (found,) = changed_files({}, {"a": b"\xff"})

    assert found.lines[-1].text == "\\xff"
