"""Decides the cases of packed packs and prints the hashes; needs nothing but the standard library.

Run by the tests under other Pythons: `python -m tests.differential.hashes PACK.json ...`. Beside
`PACK.json`, `PACK.jsonl` may hold questions, one a line.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from rules import CompiledPack, Result, evaluate, load_pack
from rules.tools.cases.running import run_case
from rules.tools.schema.documents import Question, read


def hashes_of(packed: Path) -> list[str]:
    """Give the hashes of all decisions, case by case and question by question."""
    pack = load_pack(packed.read_bytes())
    return list(_hashes(pack, packed.with_suffix(".jsonl")))


def _hashes(pack: CompiledPack, questions: Path) -> Iterator[str]:
    for case in pack.cases:
        yield from _of(run_case(case, pack))
    if questions.exists():
        for line in questions.read_text().splitlines():
            asked = read(Question, line)
            yield from _of(evaluate(asked.order, asked.facts, asked.counters, pack))


def _of(result: Result) -> Iterator[str]:
    yield result.price_hash
    yield result.result_hash
    told = repr((result.trace, result.near_misses)).encode()
    yield hashlib.sha256(told).hexdigest()


if __name__ == "__main__":
    print(json.dumps({name: hashes_of(Path(name)) for name in sys.argv[1:]}))
