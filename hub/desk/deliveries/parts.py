"""What deliveries bring to the hub: picking, dispatch and proof."""

from typing import Final

from hub.web.noun import Noun

NOUN: Final = Noun("deliveries")
