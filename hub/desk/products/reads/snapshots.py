"""Snapshots by their hash; nothing is locked, and nobody's rows are in them."""

from sqlalchemy import Connection, select

from hub.desk.products.tables import snapshot


def read_body(connection: Connection, digest: str) -> bytes | None:
    """Give a snapshot's bytes; None if it is gone."""
    query = select(snapshot.c.body).where(snapshot.c.hash == digest)
    body = connection.execute(query).scalar_one_or_none()
    return None if body is None else bytes(body)
