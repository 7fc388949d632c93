"""What stock bring to the hub: so far nothing that is built; other nouns call their store."""

from typing import Final

from hub.web.noun import Noun

NOUN: Final = Noun("stock")
