"""How users and programs look on pages."""

from typing import Final

from hub.base.words import Look

ACTIVE: Final = Look("users.active", "ow-good", "circle-check")
ENDED: Final = Look("users.ended", "ow-quiet", "ban")
INVITED: Final = Look("users.invited", "ow-wait", "clock")
IN_USE: Final = Look("programs.in_use", "ow-good", "circle-check")
REVOKED: Final = Look("programs.revoked", "ow-quiet", "ban")

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def look_of_user(*, active: bool, one_time: bool) -> Look:
    """Give how a user looks: ended, yet to choose a password, or active."""
    if not active:
        return ENDED
    return INVITED if one_time else ACTIVE


def browser_of(calls_itself: str) -> str:
    """Name a browser and its machine, as `Chrome, Android`, by what it says of itself.

    Every browser says that it is some of the others too: the first that fits is the one.
    """
    return ", ".join(
        next(name for mark, name in kinds if mark in calls_itself)
        for kinds in (_BROWSERS, _MACHINES)
        if any(mark in calls_itself for mark, _ in kinds)
    )
