"""Takes what is scanned as a line of JSON: a new claim, or an update; loaded for that."""

import json

from firmware.app.updater import offer_of
from firmware.core.order import Refused
from firmware.flash.settings import Settings, keep_settings


def claimed(desk: "Desk", raw: str) -> "tuple[str, str]":
    """Take a new claim of this terminal, as for another broker or Wi-Fi, or an update.

    Raises Refused for what is neither, OSError.
    """
    try:
        claim = json.loads(raw)
        if "update" in claim:
            desk.offer = offer_of(desk, claim)
            desk.board.wake()
            return "done", "the update is fetched, and started when no order is open"
        if Settings(claim).id != desk.settings.id:
            raise Refused("this is %s, and the claim another's" % desk.settings.id)
        desk.settings = keep_settings(desk.board.folder, claim)
        desk.card.enrol(desk.settings.password)
    except (ValueError, AttributeError) as error:
        raise Refused("this is not taken: %s" % error)
    desk.board.wake()
    return "done", "enrolled as %s: from the next connection on" % desk.settings.id
