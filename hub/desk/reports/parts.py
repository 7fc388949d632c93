"""What reports bring to the hub: their pages, the API, a command, and tiles of the first page."""

from pathlib import Path
from typing import Final

from hub.desk.reports import api
from hub.desk.reports.commands import add
from hub.desk.reports.pages import reports, tiles
from hub.web.noun import MenuEntry, Noun, Tiles

NOUN: Final = Noun(
    "reports",
    routers=(reports.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(MenuEntry("/reports", "menu.reports", "columns", "reports.read", 45, key="b"),),
    permissions={"reports": ("read",)},
    commands=(add,),
    tiles=(Tiles(10, tiles.read_tiles),),
)
"""Reports: one typed request for each, made by a form, a link or a question in words."""
