"""Whose a new beat or survey is: asked where a person plans for more than one seller."""

from collections.abc import Sequence

from hub.base.access import Session
from hub.desk.parties.reads.sellers import list_sellers
from hub.desk.parties.tables import HOUSE
from hub.web.frames.forms import Field, Option
from hub.web.site import Site


def choose_seller(site: Site, session: Session) -> Sequence[Field]:
    """Give the field that asks for the seller; none where there is but one to choose."""
    with site.ground.database.read() as connection:
        sellers = list_sellers(connection, scope=session.scope)
    if len(sellers) < 2:  # noqa: PLR2004 -- one seller is no choice
        return ()
    options = [Option("" if code == HOUSE else code, name) for code, name in sellers]
    return (Field("seller", "beats.seller", kind="choice", options=tuple(options)),)
