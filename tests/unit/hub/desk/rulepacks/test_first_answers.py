"""The answers that the first rules are made of: as they are typed, or refused by name."""

import pytest

from hub.desk.rulepacks.model.first_pack import FirstPack, FirstPackError, read_first_pack


def read(below: str) -> FirstPack:
    """Read answers with so many percent below the MRP."""
    return read_first_pack(
        currency="INR", zone="Asia/Kolkata", taxes="gst", home="IN/KA", with_tax=True, below=below
    )


@pytest.mark.parametrize("below", ["0", "12", "90"])
def test_prices_may_be_up_to_90_percent_below_the_mrp(below: str) -> None:
    assert read(below).below == int(below)


@pytest.mark.parametrize("below", ["91", "100", "000100", "-5", "1.5", "", "\u0967\u0968"])
def test_whatever_would_make_a_price_nothing_is_refused(below: str) -> None:
    with pytest.raises(FirstPackError) as caught:
        read(below)

    assert str(caught.value) == "below"
