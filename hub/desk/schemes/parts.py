"""What schemes bring to the hub: their promises; other nouns count through their store."""

from typing import Final

from hub.desk.schemes.promises import CHECK, check_leases
from hub.web.noun import Noun

NOUN: Final = Noun("schemes", promises=(CHECK, check_leases))
