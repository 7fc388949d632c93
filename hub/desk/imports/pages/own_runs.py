"""What the addresses of imports share: who may, the acts, and a run of one's own."""

from typing import Annotated

from fastapi import Depends, HTTPException

from hub.base.access import Session
from hub.desk.imports.acts import ImportActs
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
