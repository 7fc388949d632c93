"""Papers as words: what a document says, without drawing it."""

import json
from dataclasses import asdict

from hub.base.papers import Paper, Press, Size


class Said(Press):
    """Writes what a document says instead of drawing it."""

    def draw(self, paper: Paper, size: Size) -> bytes:
        """Write a document's words."""
        return json.dumps({**asdict(paper), "size": size}, ensure_ascii=False).encode()
