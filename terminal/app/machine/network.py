"""Joins a network, for a counter that sells and for a device that is none yet."""

import logging

from terminal.core.codes import WifiRead
from terminal.core.fate import Tone
from terminal.core.ports import Network, NotJoinedError
from terminal.core.text import clean
from terminal.core.words import Said, said

_log = logging.getLogger(__name__)


async def join_network(network: Network, wifi: WifiRead) -> tuple[Said, Tone]:
    """Join a network; gives what is to be said of it, with its sound."""
    name = clean(wifi.name)
    try:
        await network.join(wifi)
    except NotJoinedError as error:
        _log.warning("the network %s was not joined: %s", name, error.why)
        return said(f"wifi.{error.why}", name=name), "error"
    _log.info("the network %s was joined", name)
    return said("wifi.joined", name=name), "done"
