"""Long lists in pieces: nothing is lost by the cut, and what is otherwise sends few others."""

import json
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from hub.desk.field.model.pieces import MARK_LENGTH, cut, marks_in, whole

ROWS = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=200)


@given(ROWS)
def test_pieces_have_each_row_once_and_their_marks_say_the_same_of_the_same(
    rows: dict[str, str],
) -> None:
    listed = [(key, (key, text)) for key, text in rows.items()]

    pieces, again = cut("products", listed), cut("products", listed)

    found = [tuple(row) for row in chain.from_iterable(json.loads(one.body) for one in pieces)]
    assert sorted(found) == sorted(rows.items())
    assert pieces == again
    assert marks_in("".join(one.mark for one in pieces)) == {one.mark for one in pieces}
    assert {len(one.mark) for one in pieces} <= {MARK_LENGTH}


@given(st.integers(0, 4_999), st.sampled_from(["renamed", "gone"]))
def test_of_thousands_of_rows_one_that_is_otherwise_is_in_one_piece(at: int, what: str) -> None:
    rows: list[tuple[str, object]] = [(f"SKU-{one}", one) for one in range(5_000)]
    before = {one.mark for one in cut("products", rows)}
    rows[at : at + 1] = [(f"SKU-{at}", "other")] if what == "renamed" else []

    other = [one for one in cut("products", rows) if one.mark not in before]

    (piece,) = other
    assert len(json.loads(piece.body)) < 5_000 / 20


def test_lists_that_say_the_same_have_other_marks_and_one_whose_order_counts_is_one_piece() -> None:
    rows = [str(one) for one in range(100)]
    pairs = [(one, one) for one in rows]

    marks = {one.mark for one in cut("outlets", pairs)} & {one.mark for one in cut("past", pairs)}
    (piece,) = whole("notes", rows)

    assert marks == set()
    assert json.loads(piece.body) == rows
    assert cut("outlets", []) == whole("notes", []) == []
