"""What accounts bring to the hub: their promises; other nouns post through their store."""

from typing import Final

from hub.desk.accounts.promises import CHECK
from hub.web.noun import Noun

NOUN: Final = Noun("accounts", promises=(CHECK,))
