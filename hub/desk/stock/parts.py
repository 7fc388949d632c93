"""What stock brings to the hub: its promises, and a panel on a product's page."""

from pathlib import Path
from typing import Final

from hub.desk.stock.pages import read_panel
from hub.desk.stock.promises import CHECK
from hub.web.noun import Noun, Panel

NOUN: Final = Noun(
    "stock",
    templates=Path(__file__).parent / "pages" / "templates",
    panels=(Panel("product", "side", "stock_panel.html", read=read_panel),),
    promises=(CHECK,),
)
