"""A pack that follows another is compiled as a first one is, from what is new in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import CompiledPack, PackLoader, PackLoadError, load_pack
from rules.engine.index import RuleTable
from rules.engine.packs.documents import NOTHING_KNOWN, read_document
from rules.language import read_pack
from rules.tools.cases.running import run_case

PACKS = Path(__file__).parents[3] / "rules" / "packs"
NAMES = sorted(path.name for path in PACKS.iterdir())
TABLES = (
    "quantities",
    "prices",
    "floors",
    "line_schemes",
    "basket_schemes",
    "combos",
    "order_schemes",
    "free_schemes",
    "taxes",
    "credit",
    "allocation",
)
Document = dict[str, Any]
Change = Callable[[Document], object]


def written(document: Document) -> bytes:
    """Write a pack the one way."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def decided(pack: CompiledPack) -> list[object]:
    """Give all that a pack's cases and tables come to."""
    results = [run_case(case, pack) for case in pack.cases]
    tables: list[RuleTable[Any]] = [getattr(pack, name) for name in TABLES]
    return [
        pack.hash,
        pack.version,
        [(one.result_hash, one.trace, one.near_misses) for one in results],
        [[rule.id for rule in table.rules] for table in tables],
        [table.scopes for table in tables],
    ]


def _each(section: str, change: Callable[[Document], object]) -> Change:
    def change_first_and_last(document: Document) -> None:
        for rule in document[section][:1] + document[section][-1:]:
            change(rule)

    return change_first_and_last


CHANGES: dict[str, Change] = {
    "nothing": lambda _: None,
    "the version": lambda pack: pack.update(version=99),
    "the warehouses": lambda pack: pack.update(warehouses=["NOWHERE"]),
    "the rounding": lambda pack: pack.update(round_to=5),
    "the scale": lambda pack: pack.update(scale=3),
    "a scheme's weight": _each("schemes", lambda rule: rule.update(priority=999)),
    "a scheme's days": _each("schemes", lambda rule: rule.update({"from": "2026-04-02"})),
    "a scheme's customers": _each("schemes", lambda rule: rule.update(when={"customer": ["C"]})),
    "a scheme's exceptions": _each("schemes", lambda rule: rule.update({"not": {"geo": ["IN"]}})),
    "a tax": _each("taxes", lambda rule: rule.update(heads=[["VAT", 12345]])),
    "a price": _each("prices", lambda rule: rule.update(rates={"TEA": 7})),
    "the first scheme gone": lambda pack: pack["schemes"].pop(0),
    "all schemes gone": lambda pack: pack.update(schemes=[], cases=[]),
    "the last case gone": lambda pack: pack["cases"].pop(),
    "schemes in another order": lambda pack: pack["schemes"].reverse(),
    "another scheme": lambda pack: pack["schemes"].insert(1, {**pack["schemes"][0], "id": "NEW"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
@pytest.mark.parametrize("name", ["fmcg", "giftware", "schemes"])
def test_a_changed_pack_decides_as_if_it_were_the_first(name: str, change: Change) -> None:
    before = read_pack(PACKS / name)
    document = json.loads(before)
    change(document)
    after = written(document)
    loader = PackLoader()
    loader.load(before)

    first, again = loader.load(after), loader.load(before)

    assert decided(first) == decided(load_pack(after))
    assert decided(again) == decided(load_pack(before))


def test_only_what_has_changed_is_built() -> None:
    before = read_pack(PACKS / "fmcg")
    document = json.loads(before)
    changed = document["schemes"][0]
    changed["priority"] = 999
    loader = PackLoader()

    old, new = loader.load(before), loader.load(written(document))

    schemes = {rule.id: rule for rule in (*old.line_schemes.rules, *old.order_schemes.rules)}
    built = [
        rule.id
        for rule in (*new.line_schemes.rules, *new.order_schemes.rules)
        if rule is not schemes[rule.id]
    ]
    assert built == [changed["id"]]
    assert new.prices is old.prices


def test_a_setting_that_rules_are_built_by_builds_them_again() -> None:
    before = read_pack(PACKS / "giftware")
    document = json.loads(before)
    document["scale"] = 3
    loader = PackLoader()

    old, new = loader.load(before), loader.load(written(document))

    assert all(
        new_rule is not old_rule for new_rule in new.prices.rules for old_rule in old.prices.rules
    )


def test_after_a_refused_pack_the_next_is_loaded_all_the_same() -> None:
    packed = read_pack(PACKS / "fmcg")
    loader = PackLoader()
    before = loader.load(packed)
    broken = json.loads(packed)
    broken["schemes"][0].pop("kind")

    with pytest.raises(PackLoadError):
        loader.load(written(broken))

    assert decided(loader.load(packed)) == decided(before)


def test_a_pack_that_people_have_laid_out_is_loaded_too() -> None:
    document = json.loads(read_pack(PACKS / "fmcg"))
    loader = PackLoader()
    loader.load(written(document))

    laid_out = loader.load(json.dumps(document, indent=2).encode())

    assert decided(laid_out)[1:] == decided(load_pack(written(document)))[1:]


VALUES: list[object] = [0, -7, True, None, "", '},{"', "\u00e9", [1], {"b": [{}]}, [{"id": "A"}, 1]]
RULES = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("ABCD"), "v": st.sampled_from(VALUES)}), max_size=5
)
DOCUMENTS = st.fixed_dictionaries(
    {}, optional={"a": RULES, "b": st.sampled_from(VALUES), "c": RULES}
)


@given(st.lists(DOCUMENTS, min_size=1, max_size=4))
def test_documents_one_after_another_are_read_as_each_by_itself(documents: list[Document]) -> None:
    known = NOTHING_KNOWN

    for document in documents:
        text = written(document).decode()
        found, known = read_document(text, known)

        assert json.dumps(found) == json.dumps(json.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"a":1',
        '{"a":1}}',
        '{"a":1;"b":2}',
        '{"a":[{}',
        '{"a":[{};{}]}',
        '{"a":[{}]]',
        '{"a":1,}',
        "{1:2}",
        '{"a":[{"b":1},}',
    ],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(PackLoadError, match="not a rule pack"):
        load_pack(text.encode())


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ("ABCDE", [True, True, True, True, True]),
        ("AbCDE", [True, False, True, True, True]),
        ("ABNCDE", [True, True, False, True, True, True]),
        # What follows a gap is parsed, which tells where to go on.
        ("ACDE", [True, False, True, True]),
        ("EABCD", [False, False, True, True, True]),
        ("ABCDEF", [True, True, True, True, True, False]),
        ("", []),
    ],
)
def test_rules_that_two_documents_share_are_the_same_objects(names: str, kept: list[bool]) -> None:
    def document(ids: str) -> str:
        # A small letter is the rule of the large one, changed.
        return written({"s": [{"id": one.upper(), "v": one} for one in ids]}).decode()

    before, known = read_document(document("ABCDE"), NOTHING_KNOWN)
    after, _ = read_document(document(names), known)

    assert [any(one is other for other in before["s"]) for one in after["s"]] == kept
