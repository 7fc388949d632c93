"""Words of rule packs: how they look, and why a step was refused."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from hub.base.words import Look
from hub.desk.rulepacks.model.packed import Told
from hub.desk.rulepacks.model.starts import StartError
from hub.desk.rulepacks.model.steps import PackStepError
from rules import PackLoadError, Phrase, Words, register

PACK_STATES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "draft": Look("pack_state.draft", "ow-quiet", "bulb"),
        "shadow": Look("pack_state.shadow", "ow-changed", "moon"),
        "scheduled": Look("pack_state.scheduled", "ow-wait", "clock"),
        "published": Look("pack_state.published", "ow-good", "check"),
        "retired": Look("pack_state.retired", "ow-quiet", "history"),
    }
)

FILE_CHANGES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "added": Look("file_change.added", "ow-good", "check"),
        "removed": Look("file_change.removed", "ow-bad", "x"),
        "changed": Look("file_change.changed", "ow-changed", "refresh"),
    }
)

SEVERITIES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "warning": Look("doubt.warning", "ow-wait", "alert-triangle"),
        "error": Look("doubt.error", "ow-bad", "alert-triangle"),
    }
)

register(
    Phrase("step.unknown", {"version": "code", "known": "codes"}),
    Phrase("step.number_taken", {"version": "code", "free": "code"}),
    Phrase(
        "step.other_currency",
        {"kept": "code", "decimals": "code", "currency": "code", "scale": "code"},
    ),
    Phrase("step.not_a_draft", {"version": "code"}),
    Phrase("step.not_published", {"version": "code"}),
    Phrase("step.not_scheduled", {"version": "code"}),
    Phrase("step.not_in_shadow", {"version": "code"}),
    Phrase("step.shadow_taken", {"version": "code"}),
    Phrase("step.same_person", {"by": "name", "version": "code"}),
    Phrase("step.alone_why", {"by": "name"}),
    Phrase("step.start_past"),
    Phrase("step.start_unreadable", {"written": "name"}),
    Phrase("step.schedule_taken", {"version": "code"}),
    Phrase("step.number_too_low", {"version": "code", "serving": "code", "free": "code"}),
    Phrase(
        "step.follows_another",
        {"version": "code", "follows": "code", "serving": "code", "free": "code"},
    ),
    Phrase("step.start_too_early", {"version": "code", "day": "day"}),
    Phrase("step.serves_already", {"version": "code"}),
    Phrase("step.nothing_serves"),
    Phrase("step.priced_twice", {"sku": "code", "list": "code", "row": "code", "again": "code"}),
    Phrase("step.has_errors", {"errors": "code", "first": "name"}),
    # what the hub adds to the history
    Phrase("told.back_to", {"version": "code"}),
    Phrase("told.called_off_by", {"version": "code"}),
    Phrase("told.not_loaded", {"why": "name"}),
    Phrase("told.no_effect"),
    Phrase("told.effect", {"orders": "code", "changed": "code", "before": "code", "after": "code"}),
    Phrase("told.effect_free", {"before": "code", "after": "code"}),
    Phrase("told.effect_held", {"orders": "code", "amount": "code"}),
    Phrase("told.effect_released", {"orders": "code", "amount": "code"}),
)


def tell_why(text: str, told: Sequence[Told], *, language: str = "en") -> str:
    """Say why something is in a version's history: what the person wrote, what the hub adds."""
    words = Words.of(language, scale=0)
    added = ", ".join(words.phrase(name, **params) for name, params in told)
    return "; ".join(part for part in (text, added) if part)


def why_refused(error: PackStepError | PackLoadError | StartError, *, language: str = "en") -> str:
    """Say why a step was not taken, and what to do instead; packed bytes speak for themselves."""
    words = Words.of(language, scale=0)
    if isinstance(error, PackStepError):
        return words.phrase(f"step.{error.code}", **error.params)
    if isinstance(error, StartError):
        return words.phrase("step.start_unreadable", written=str(error))
    return str(error)
