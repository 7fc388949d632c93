"""Asks the hub with a claim, and believes only what is sealed by the code on the slip."""

import json
import platform
from typing import Final

from broker.contract.enrolment import (
    ENROLMENTS_PATH,
    Asked,
    Claim,
    Told,
    claim_key,
    read_sealed,
    seal,
)
from terminal.app.enrolment.kept import Draft
from terminal.app.enrolment.posting import HubUnreachedError, post_to_hub
from terminal.core.words import Said, said

_LONGEST_NAME: Final = 64
_TOO_OFTEN: Final = 429
_NOT_OURS: Final = 500
_OK: Final = 200
REFUSALS: Final = frozenset(
    {
        *("claim_unknown", "claim_expired", "claim_used", "claim_withdrawn", "claim_refused"),
        *("claim_of_other", "claim_unreadable"),
    }
)
"""Why a hub says no, of which each has words in the catalogue as `enrol.claim_used`."""


class EnrolmentRefusedError(Exception):
    """The hub said no, or was no hub of this slip: asking again changes nothing."""

    def __init__(self, why: Said) -> None:
        super().__init__(why.name)
        self.why = why


def asked_with(draft: Draft, *, terminal: str) -> Asked:
    """Say what is asked under a password of our own; `terminal` is the id of this device so far."""
    name = "".join(filter(str.isprintable, platform.node()))[:_LONGEST_NAME]
    return Asked(
        claim=draft.claim,
        terminal=terminal,
        device=name,
        password_sha256=draft.digest,
        password_line=draft.line,
    )


def ask_hub(claim: Claim, asked: Asked) -> Told:
    """Ask once; blocking. Raises EnrolmentRefusedError, HubUnreachedError."""
    key = claim_key(claim.code)
    payload = seal(asked, key)
    status, body = post_to_hub(claim.hub, ENROLMENTS_PATH, payload)
    if status != _OK:
        raise _no(status, body, claim)
    try:
        told = read_sealed(body, Told, key, of=payload)
    except ValueError as error:
        raise EnrolmentRefusedError(said("enrol.not_the_hub", hub=claim.hub)) from error
    if asked.terminal not in {"", told.terminal}:
        raise EnrolmentRefusedError(said("enrol.claim_of_other"))
    return told


def _no(status: int, body: bytes, claim: Claim) -> Exception:
    """Tell what a hub said that did not say yes."""
    if status == _TOO_OFTEN or status >= _NOT_OURS:
        return HubUnreachedError(f"HTTP {status}")
    try:
        code = str(json.loads(body)["code"])
    except (ValueError, KeyError, TypeError):
        code = ""
    if code in REFUSALS:
        return EnrolmentRefusedError(said(f"enrol.{code}"))
    return EnrolmentRefusedError(said("enrol.no_hub_there", hub=claim.hub, status=status))
