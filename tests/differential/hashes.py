"""Decides the cases of packed packs and prints the hashes; needs nothing but the standard library.

Run by the tests under other Pythons: `python -m tests.differential.hashes PACK.json ...`. Beside
`PACK.json`, `PACK.jsonl` may hold questions, one a line.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from rules import CompiledPack, evaluate, load_pack
from rules.tools.cases.running import run_case
from rules.tools.documents import Question, read


def hashes_of(packed: Path) -> list[str]:
    """Give the hashes of all decisions, case by case and question by question."""
    pack = load_pack(packed.read_bytes())
    return list(_hashes(pack, packed.with_suffix(".jsonl")))


def _hashes(pack: CompiledPack, questions: Path) -> Iterator[str]:
    for case in pack.cases:
        yield run_case(case, pack).result_hash
    if questions.exists():
        for line in questions.read_text().splitlines():
            asked = read(Question, line)
            result = evaluate(asked.order, asked.facts, asked.counters, pack)
            yield result.price_hash
            yield result.result_hash


if __name__ == "__main__":
    print(json.dumps({name: hashes_of(Path(name)) for name in sys.argv[1:]}))
