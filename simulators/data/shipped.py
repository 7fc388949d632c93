"""The real files that travel with the simulators, and the shipped rule packs."""

from pathlib import Path
from typing import Final

import rules

_FILES: Final = Path(__file__).parent / "files"

ORDERS: Final = _FILES / "orders-2009-2010.csv.gz"
PRODUCTS: Final = _FILES / "products.csv.gz"
LICENSES: Final = _FILES / "LICENSES.md"
SHELVES: Final = _FILES / "shelves.csv"
COUNTRIES: Final = _FILES / "countries.csv"
PACKS: Final = Path(rules.__path__[0]) / "packs"
