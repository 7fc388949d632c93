"""Attributes of the pages' elements hold plain text, and take reasons of one length."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
TEMPLATES: Final = sorted((ROOT / "hub").rglob("*.html"))
MODULES: Final = sorted((ROOT / "hub").rglob("*.py"))
TYPED: Final = re.compile(
    r"text_field\([^)]*\)|<(?:input|textarea)\b(?:\{\{.*?\}\}|\{%.*?%\}|[^>{])*>"
)
IS_REASON: Final = re.compile(r'\bname="(?:why|reason)"|\btext_field\("why"')
LONGEST: Final = "LONGEST_REASON"
NAMED: Final = {"str", "Why", "Reason"}
"""The types that a reason may have; how long the last two are, is told where they are made."""
CHOSEN: Final = "32"
"""The letters of a reason that is one of several words, as of goods that are short."""
ATTRIBUTE: Final = re.compile(r"""([\w-]+)="((?:\{\{.*?\}\}|\{%.*?%\}|[^"{])*)\"""")
MARKED: Final = re.compile(r"\|\s*said\b")
"""The filter that writes <bdi> around a text, which a screen reader would spell in a label."""


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_attribute_of_a_template_has_marks_in_it(path: Path) -> None:
    found = [one[0] for one in ATTRIBUTE.finditer(path.read_text()) if MARKED.search(one[2])]

    assert found == []


def test_an_attribute_with_marks_in_it_is_found() -> None:
    (found,) = ATTRIBUTE.finditer("""<a aria-label="{{ say("x") }}: {{ name|said }}">{{ y }}</a>""")

    assert MARKED.search(found[2])


def test_every_field_of_a_page_takes_a_reason_as_long_as_it_is_kept() -> None:
    reasons = [
        (path.name, one[0])
        for path in TEMPLATES
        for one in TYPED.finditer(path.read_text())
        if IS_REASON.search(one[0]) and 'type="hidden"' not in one[0]
    ]
    others = [one for one in reasons if "longest_reason" not in one[1]]

    assert len(reasons) > 30
    assert others == []


def test_every_form_and_route_takes_a_reason_as_long_as_it_is_kept() -> None:
    found = [one for path in MODULES for one in reasons_of(path)]
    others = [one for one in found if one[1] not in {LONGEST, CHOSEN}]

    assert len(found) > 30
    assert others == []


def reasons_of(path: Path) -> Iterator[tuple[str, str]]:
    """Give how long a reason may be, wherever a form, a route or a body has one."""
    source = path.read_text()
    if "max_length" not in source and "Field(" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call):
            if [ast.unparse(one) for one in (node.func, *node.args[:1])] == ["Field", "'why'"]:
                yield place, length_of(node, "longest")
        elif isinstance(node, ast.AnnAssign | ast.Assign | ast.arg) and is_of_reason(node):
            held = node.value if isinstance(node, ast.Assign) else node.annotation
            if isinstance(node, ast.arg) and isinstance(held, ast.Name) and held.id not in NAMED:
                yield place, held.id
            for one in ast.walk(held) if held else ():
                if isinstance(one, ast.Call) and (length := length_of(one, "max_length")):
                    yield place, length


def is_of_reason(node: ast.AnnAssign | ast.Assign | ast.arg) -> bool:
    """Say that what is assigned or passed is named as why something is done."""
    if isinstance(node, ast.arg):
        return node.arg in {"why", "reason"}
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return ast.unparse(target) in {"Why", "Reason", "why", "reason"}


def length_of(call: ast.Call, named: str) -> str:
    """Give the number of letters that a call names, as its source has it."""
    return next((ast.unparse(one.value) for one in call.keywords if one.arg == named), "")
