"""What the assistant brings to the hub."""

from typing import Final

from hub.web.noun import Noun

NOUN: Final = Noun("assistant")
