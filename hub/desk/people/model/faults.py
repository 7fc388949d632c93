"""Why something about people is not done, as codes: pages and commands word them."""

from typing import Final, Literal, get_args

Fault = Literal[
    "amount_invalid",
    "beyond_own",
    "code_wrong",
    "days_invalid",
    "factor_needed",
    "last_administrator",
    "last_owner",
    "line_circle",
    "mail_invalid",
    "name_invalid",
    "not_owner",
    "other_unknown",
    "own_rights",
    "password_invalid",
    "password_same",
    "password_wrong",
    "program_invalid",
    "roles_invalid",
    "rows_unknown",
    "setup_over",
    "stand_in_circle",
    "stand_in_overlaps",
    "token_unknown",
    "user_exists",
    "user_unknown",
]
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)
OWN_ONLY: Final[frozenset[Fault]] = frozenset({"beyond_own", "not_owner", "own_rights"})
"""Of what is not for whoever asks, so that another has to be asked."""


class PeopleError(Exception):
    """Something about people is not done; `code` says why, `about` names what it is about."""

    def __init__(self, code: Fault, about: str = "") -> None:
        super().__init__(f"{code}: {about}" if about else code)
        self.code: Final = code
        self.about: Final = about
