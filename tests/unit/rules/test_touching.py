"""Every rule of every shipped pack, taken away: no order changes that was said not to."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from rules import CompiledPack, load_pack
from rules.language import read_pack
from rules.tools.cases.running import asked_in
from rules.tools.replay.comparing import compare
from rules.tools.replay.touching import Touched
from rules.tools.schema.documents import Question

PACKS = sorted((Path(__file__).parents[3] / "rules" / "packs").iterdir())
SECTIONS = ("quantities", "prices", "floors", "schemes", "taxes", "credit", "allocation")


def _without_each(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give a pack without each of its rules in turn."""
    for section in SECTIONS:
        for place, rule in enumerate(document[section]):
            left = [*document[section][:place], *document[section][place + 1 :]]
            yield rule["id"], {**document, section: left}


def _changes(case: Mapping[str, Any], before: CompiledPack, after: CompiledPack) -> bool:
    """Tell whether a case's order comes out otherwise, decided in full by both packs."""
    order, facts, counters, priced = asked_in(case, before)
    other = asked_in(case, after)[3]
    return compare(priced, other, [Question(order, facts, counters)]).changed > 0


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_an_order_that_no_missing_rule_can_touch_is_decided_alike(folder: Path) -> None:
    packed = read_pack(folder)
    document, before = json.loads(packed), load_pack(packed)
    left_out, wrong = 0, []

    for rule, other in _without_each(document):
        after = load_pack(json.dumps(other).encode())
        touched = Touched(document, other).giving(before, after)
        for case in before.cases:
            if not touched.may_move(Question(*asked_in(case, before)[:3])):
                left_out += 1
                if _changes(case, before, after):
                    wrong.append((rule, case["name"]))

    assert wrong == []
    assert left_out > len(before.cases)
