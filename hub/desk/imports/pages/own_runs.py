"""What the addresses of imports share: who may, the acts, and a run of one's own."""

from typing import Annotated

from fastapi import Depends, HTTPException

from hub.base.access import Scope, Session, has_sellers
from hub.base.engine import Connection
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.model import ImportKind
from hub.desk.imports.reads import RunRow, read_run
from hub.web.sessions import signed_in_for
from hub.web.site import Site, acts_of

Importer = Annotated[Session, Depends(signed_in_for("imports.run"))]
Acts = Annotated[ImportActs, Depends(acts_of(ImportActs))]


def see_own(site: Site, session: Session, run_id: int) -> RunRow:
    """Read a run of who wants something done with it; raises HTTPException 404 for others."""
    with site.ground.database.read() as connection:
        found = read_run(connection, run_id, scope=session.scope, user=session.user)
    if found is None or found.by != session.user:
        raise HTTPException(404)
    return found


def list_fields(connection: Connection, spec: ImportKind, *, scope: Scope) -> list[str]:
    """Give the fields that a page offers for a file: a seller only where somebody sees several."""
    sellers = has_sellers(connection, scope=scope)
    return [name for name in spec.fields if sellers or name != "seller"]
