"""How users and programs look on pages."""

from typing import Final

from hub.base.words import Look

ACTIVE: Final = Look("users.active", "ow-good", "circle-check")
ENDED: Final = Look("users.ended", "ow-quiet", "ban")
INVITED: Final = Look("users.invited", "ow-wait", "clock")
IN_USE: Final = Look("programs.in_use", "ow-good", "circle-check")
REVOKED: Final = Look("programs.revoked", "ow-quiet", "ban")


def look_of_user(*, active: bool, one_time: bool) -> Look:
    """Give how a user looks: ended, yet to choose a password, or active."""
    if not active:
        return ENDED
    return INVITED if one_time else ACTIVE
