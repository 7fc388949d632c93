"""Catalogues of every package: compiled from their sources, the same ids in each language."""

import gettext
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from rules import LANGUAGES

ROOT = Path(__file__).parents[2]
SOURCES = sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po"))
FOLDERS = sorted({path.parents[2] for path in SOURCES})


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_compiled_catalogue_is_made_of_its_source(source: Path) -> None:
    with source.open("rb") as stream:
        written = {str(one.id): str(one.string) for one in read_po(stream, abort_invalid=True)}
    with source.with_suffix(".mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)

    found = {name: compiled.gettext(name) for name in written if name}

    assert found == {name: text for name, text in written.items() if name}, (
        "write it anew: .venv/bin/python docs/renew_catalogues.py"
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_language_has_the_same_messages(folder: Path) -> None:
    ids = {}
    for language in LANGUAGES:
        (source,) = (folder / language / "LC_MESSAGES").glob("*.po")
        with source.open("rb") as stream:
            ids[language] = {str(one.id) for one in read_po(stream) if one.string}

    assert ids == dict.fromkeys(LANGUAGES, ids["en"])
