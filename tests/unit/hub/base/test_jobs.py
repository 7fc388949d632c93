"""How long a failing job waits."""

from hub.base.jobs import Patience


def test_the_pauses_grow_up_to_an_hour() -> None:
    patience = Patience()

    pauses_s = [patience.pause_ms(attempts) // 1000 for attempts in range(1, 8)]

    assert pauses_s == [5, 20, 80, 320, 1280, 3600, 3600]
