"""Forms that change a record as somebody saw it: what another one changed meanwhile is not lost."""

from collections.abc import Mapping
from typing import Final

from fastapi import Response

from hub.base.fields import Change, Refused
from hub.base.fields.words import sentences
from hub.web.frames.forms import FormPlace, Value, open_form, refuse_form
from hub.web.pages import words_of

SEEN: Final = "seen_"
"""Before the name of a field: the text that stood there when the form was opened."""
TEMPLATE: Final = "edit_form.html"
"""The template of a form that carries what was seen."""


def open_edit(place: FormPlace[Value], now: Mapping[str, str]) -> Response:
    """Show the form of a record as it is now."""
    return open_form(place, {**now, **{f"{SEEN}{name}": text for name, text in now.items()}})


def changes_of(given: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, Change]:
    """Give each field as it was seen and as it is wanted."""
    return {name: Change(given.get(f"{SEEN}{name}", ""), text) for name, text in texts.items()}


def refuse_edit(
    place: FormPlace[Value],
    given: Mapping[str, str],
    refused: Refused,
    *,
    now: Mapping[str, str] | None = None,
) -> Response:
    """Show what a person typed again, with why the act refused it at the fields.

    Fields that crossed another's are seen as they are by `now`: sent again, they are meant.
    """
    seen = {f"{SEEN}{name}": (now or {}).get(name, "") for name in refused.crossed}
    return refuse_form(
        place,
        {**given, **seen},
        errors=sentences(refused.reasons, language=words_of(place.request).language),
        shown={"duplicates": refused.duplicates},
    )
