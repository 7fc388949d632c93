"""`./orderwire rules`: what it prints and how it ends."""

import json
import os
import re
from pathlib import Path

import pytest

from rules import load_pack
from rules.__main__ import main
from tests.unit.rules.making import BASE, HEAD

GIFTWARE = str(Path(__file__).parents[3] / "rules" / "packs" / "giftware")
SETTLEMENT = str(Path(__file__).parents[3] / "rules" / "packs" / "settlement")


def _folder(tmp_path: Path, text: str) -> str:
    (tmp_path / "pack.yaml").write_text(text)
    return str(tmp_path)


def _refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Make a wrong call, which ends with two; give what is told."""
    assert main(arguments) == 2
    return capsys.readouterr().err


def test_check_names_the_pack_and_its_hash(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", GIFTWARE]) == 0

    assert capsys.readouterr().out.startswith("giftware 1: ")


def test_check_prints_every_fault_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _folder(tmp_path, HEAD + "taxes: [{id: A}, {id: B}]\n")

    assert main(["check", folder]) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("'heads' is missing") == 2
    assert "pack.yaml:2:9: " in printed.err


def test_a_fault_is_shown_in_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _folder(tmp_path, HEAD + "taxs: []\n")

    main(["check", folder])

    assert capsys.readouterr().err.splitlines() == [
        "pack.yaml:2:1: unknown key 'taxs'; did you mean 'taxes'?",
        "    taxs: []",
        "    ^",
        "faults: 1, nothing was loaded",
    ]


def test_test_counts_the_cases(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", GIFTWARE]) == 0

    assert capsys.readouterr().out == "giftware 1: 12 cases, 0 failed\n"


def test_test_fails_where_a_case_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = "tests: [{name: c, on: 2026-01-01, lines: [{sku: A, qty: 1}], expect: {net: 1.00}}]\n"
    folder = _folder(tmp_path, HEAD + BASE + "case_products: {A: {}}\n" + case)

    assert main(["test", folder]) == 1

    told = capsys.readouterr().err.splitlines()
    assert told[0] == "pack.yaml:4:76: c: net is 10.00, not 1.00"
    assert told[2].index("^") == told[1].index("1.00}")


def test_test_runs_the_cases_that_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", SETTLEMENT, "-k", "GLASS"]) == 0

    assert capsys.readouterr().out == "settlement 1: 3 cases, 0 failed\n"


def test_a_name_that_no_case_has_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", SETTLEMENT, "-k", "glas case"]) == 2

    assert "no case has 'glas case' in its name" in capsys.readouterr().err


@pytest.mark.parametrize(
    "asked",
    [["test", SETTLEMENT, "-k", ""], ["explain", "--pack", SETTLEMENT, "--case", " "]],
    ids=["test", "explain"],
)
def test_no_name_at_all_is_a_wrong_call(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(asked) == 2

    assert "name a case of the pack, or a part of its name" in capsys.readouterr().err


def test_a_case_is_told_of_as_an_order_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--pack", SETTLEMENT, "--case", "a free glass that is short"]) == 0

    told = capsys.readouterr().out
    assert "0 of 1 GLASS in stock: the rest follows within 14 days" in told
    assert "400.00 each" in told


def test_explain_wants_an_order_or_a_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--pack", SETTLEMENT]) == 2

    assert "--order, or a case of the pack with --case" in capsys.readouterr().err


@pytest.mark.parametrize("odd", ["pipe", "link", "loop", "dangling"])
def test_what_is_no_file_of_the_folder_is_told_in_one_line_and_not_read(
    odd: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    (tmp_path / "secret").write_text("pack: {name: mine}\n")
    (folder / "pack.yaml").write_text(HEAD + BASE)
    where = folder / "odd.yaml"
    if odd == "pipe":
        os.mkfifo(where)
    else:
        ways = {"link": tmp_path / "secret", "loop": where, "dangling": tmp_path / "gone"}
        where.symlink_to(ways[odd])

    assert main(["check", str(folder)]) == 1

    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert told[0].startswith("odd.yaml:1:1: ")
    assert told[1] == "faults: 1, nothing was loaded"


def test_hidden_files_and_folders_named_like_rule_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(HEAD + BASE)
    (tmp_path / ".s.yaml").write_text("no: section\n")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.yaml").write_text("no: section\n")
    (tmp_path / "folder.yaml").mkdir()

    assert main(["check", str(tmp_path)]) == 0


def test_a_flood_of_unknown_keys_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flood = "".join(f"k{number}: 1\n" for number in range(20_000))
    folder = _folder(tmp_path, HEAD + BASE + flood)

    assert main(["check", folder]) == 1

    told = capsys.readouterr().err.splitlines()
    assert told[0] == "pack.yaml:3:1: 20000 unknown keys, the first is 'k0'"
    assert told[-1] == "faults: 1, nothing was loaded"


def test_a_long_line_is_cut_around_what_is_wrong_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "x, " * 1_000
    folder = _folder(tmp_path, f"{HEAD}{BASE}sellers: [{words}*alias, {words}y]\n")

    assert main(["check", folder]) == 1

    told = capsys.readouterr().err.splitlines()
    (at,) = [number for number, line in enumerate(told) if "'*alias' is an alias" in line]
    line, caret = told[at + 1 : at + 3]
    assert max(map(len, told)) < 300
    assert line.startswith("    ...")
    assert line[len(caret) - 1 :].startswith("*alias, x")


def test_a_nul_in_a_word_or_in_a_list_of_prices_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lists = 'prices:\n  - {id: P, level: default, csv: p.csv}\n  - {id: "Q\\0", level: default}\n'
    (tmp_path / "p.csv").write_text("sku,price\nTEA,1\nA\0B,2\n")

    assert main(["check", _folder(tmp_path, HEAD + lists)]) == 1

    told = capsys.readouterr().err
    assert "p.csv:3:1: has a NUL character" in told
    assert "pack.yaml:4:10: has a NUL character" in told


def test_a_flood_of_faults_begins_with_a_hundred(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = "".join(f"  - {{id: S{number}}}\n" for number in range(500))
    folder = _folder(tmp_path, f"{HEAD}{BASE}schemes:\n{rules}")

    assert main(["check", folder]) == 1

    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3 * 100 + 2
    assert told[-1] == "faults: 500, nothing was loaded"


def test_pack_writes_what_load_pack_reads(tmp_path: Path) -> None:
    output = tmp_path / "pack.json"

    assert main(["pack", GIFTWARE, "-o", str(output)]) == 0

    assert load_pack(output.read_bytes()).name == "giftware"


def test_a_folder_that_is_not_there_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no-such-folder is not a folder" in _refused(capsys, "check", "no-such-folder")


@pytest.mark.parametrize("arguments", [[], ["explode"], ["pack", GIFTWARE]])
def test_a_wrong_call_ends_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["check"],
        ["test"],
        ["pack"],
        ["evaluate"],
        ["explain"],
        ["return"],
        ["diff"],
        ["lint"],
        ["bench"],
        ["schema"],
    ],
)
def test_every_command_explains_itself(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])

    assert ended.value.code == 0
    assert "example: ./orderwire rules" in capsys.readouterr().out


def test_the_pack_in_the_language_reference_is_well_and_passes_its_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = Path(GIFTWARE).parents[1] / "LANGUAGE.md"
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "base.csv").write_text("sku,price\nTEA-250,1\n")

    pack = reference.read_text().split("```yaml")[1].split("```")[0]
    code = main(["test", _folder(tmp_path, pack)])

    assert (code, capsys.readouterr().err) == (0, "")


def test_every_reason_code_that_holds_or_refuses_is_in_the_readme() -> None:
    rules = Path(GIFTWARE).parents[1]
    stages = "".join(path.read_text() for path in sorted((rules / "stages").rglob("*.py")))
    readme = (rules / "README.md").read_text()

    told = set(re.findall(r'run\.(?:hold|reject)\(\s*run\.explain\(\s*"\w+",\s*"(\w+)"', stages))

    assert len(told) > 8
    assert [code for code in sorted(told) if f"`{code}`" not in readme] == []


EXAMPLES = Path(GIFTWARE).parents[1] / "examples"
ASKED = [
    "--pack",
    str(EXAMPLES / "pack"),
    "--order",
    str(EXAMPLES / "order.json"),
    "--facts",
    str(EXAMPLES / "facts.json"),
]


def test_the_example_pack_passes_its_cases(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["test", str(EXAMPLES / "pack")])

    assert (code, capsys.readouterr().err) == (0, "")


def test_evaluate_says_what_is_to_pay_and_why_not_yet(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", *ASKED]) == 0

    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("held: ")
    assert rest[0].startswith("  credit_limit_exceeded: ")


@pytest.mark.parametrize("command", ["evaluate", "explain"])
def test_an_order_is_told_of_in_hindi(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, *ASKED, "--language", "hi"]) == 0

    told = capsys.readouterr().out
    assert "रोका गया" in told
    assert "उधार की सीमा 50000.00, उधार 54077.00: 4077.00 ज़्यादा" in told


def test_a_return_is_told_of_in_hindi(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["return", *ASKED, *BACK, "--language", "hi"]) == 0

    assert "  return_credited: 1252.00 जमा किए जाएँगे" in capsys.readouterr().out.splitlines()


def test_evaluate_gives_the_same_from_a_packed_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["evaluate", *ASKED, "--json"])
    from_folder = capsys.readouterr().out
    packed = tmp_path / "pack.json"
    main(["pack", ASKED[1], "-o", str(packed)])
    capsys.readouterr()

    main(["evaluate", "--pack", str(packed), *ASKED[2:], "--json"])

    assert json.loads(capsys.readouterr().out) == json.loads(from_folder)


def test_evaluate_tells_the_faults_of_all_files_and_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("[]")

    files = ("--order", str(bad), "--facts", str(tmp_path / "none"))
    told = _refused(capsys, "evaluate", *ASKED[:2], *files)

    assert "bad.json: $: needs an object, not a list" in told
    assert "there is no such file" in told
    assert "faults: 2, nothing was decided" in told


BACK = ["--returned", str(EXAMPLES / "return.json")]


def test_return_says_what_is_credited_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["return", *ASKED, *BACK]) == 0

    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "accepted: 1252.00 INR to credit"
    assert "  returned: 3 of 18 Rice 5 kg come back at 342.00 each" in rest


def test_return_settles_what_comes_after_an_earlier_return(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rest = tmp_path / "rest.json"
    rest.write_text('{"lines": {"1": 50, "2": 15, "3": 18}, "free": {"1": 1}}')

    credited = []
    for arguments in (BACK, ["--returned", str(rest), "--before", BACK[1]]):
        main(["return", *ASKED, *arguments, "--json"])
        credited.append(json.loads(capsys.readouterr().out)["result"]["totals"]["payable"])
    main(["evaluate", *ASKED, "--json"])

    paid = json.loads(capsys.readouterr().out)["result"]["totals"]["payable"]
    assert sum(credited) == paid


def test_return_tells_the_faults_of_both_documents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, worse = tmp_path / "bad.json", tmp_path / "worse.json"
    bad.write_text('{"lines": {"first": 1, "2": "all", "0": 1}}')
    worse.write_text("[]")

    files = ("--returned", str(bad), "--before", str(worse))
    told = _refused(capsys, "return", *ASKED, *files)

    assert "$.lines.first: is under a name that is no number of a line" in told
    assert "$.lines.0: is under a name that is no number of a line" in told
    assert '$.lines.2: needs a whole number, not "all"' in told
    assert "worse.json: $: needs an object, not a list" in told
    assert "faults: 4, nothing was settled" in told


def test_an_order_with_the_facts_of_another_customer_is_a_wrong_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"as_of": "", "customer": {"id": "OTHER"}, "products": {}}')

    told = _refused(capsys, "evaluate", *ASKED[:4], "--facts", str(facts))

    assert "$.customer.id: is not 'R-104', who orders" in told


def test_a_file_that_is_no_pack_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    told = _refused(capsys, "evaluate", "--pack", ASKED[3], *ASKED[2:])

    assert "not a rule pack" in told


def test_schema_prints_what_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    main(["schema", "order"])

    assert (
        capsys.readouterr().out == (EXAMPLES.parent / "schemas" / "order.schema.json").read_text()
    )
