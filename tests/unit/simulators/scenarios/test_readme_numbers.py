"""The numbers of the README are those of the demonstration."""

import re
from datetime import date
from pathlib import Path

from simulators.data import fmcg, popular
from simulators.scenarios.demo import SHOPS

README = Path(__file__).parents[4] / "README.md"
WORDS = {"six": 6}


def test_the_readme_counts_products_and_shops_as_the_demonstration_does() -> None:
    distributor = fmcg(today=date(2026, 1, 5), imported=True)

    text = README.read_text("utf-8")

    assert re.findall(r"([\d,]+) real products", text) == [f"{len(distributor.products):,}"]
    assert re.findall(r"(\d+) products, press", text) == [str(len(popular(distributor)))]
    assert [WORDS[word] for word in re.findall(r"(\w+) shops that order", text)] == [SHOPS]
