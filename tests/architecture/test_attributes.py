"""Attributes of the pages' elements hold plain text."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
TEMPLATES: Final = sorted((ROOT / "hub").rglob("*.html"))
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
