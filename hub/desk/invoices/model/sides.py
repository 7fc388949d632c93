"""A seller or a buyer as a document names it, kept as JSON for as long as the document is."""

import json
from dataclasses import asdict

from hub.desk.parties.model.sides import Side


def write_side(side: Side) -> str:
    """Write a seller or a buyer; what is empty is left out."""
    said = {name: value for name, value in asdict(side).items() if value}
    return json.dumps(said, ensure_ascii=False)


def read_side(written: str) -> Side:
    """Read a seller or a buyer back."""
    return Side(**{"code": "", "name": "", **json.loads(written)})
