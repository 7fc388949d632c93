"""What stock brings to the hub: its promises; other nouns ask and post through its store."""

from typing import Final

from hub.desk.stock.promises import CHECK
from hub.web.noun import Noun

NOUN: Final = Noun("stock", promises=(CHECK,))
