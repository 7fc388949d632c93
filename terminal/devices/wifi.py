"""Joins Wi-Fi networks by NetworkManager, which Raspberry Pi OS and Debian's desktops come with."""

import asyncio
from collections.abc import Mapping
from typing import Final

from terminal.core.codes import WifiRead
from terminal.core.ports import NotJoined, NotJoinedError

_WAITS_S: Final = 40
_PATIENCE_S: Final = 60
_WHY: Final[Mapping[int, NotJoined]] = {
    3: "late",
    4: "refused",
    8: "unmanaged",
    10: "not_there",
}
"""Exit codes of nmcli(1), EXIT STATUS: timeout, activation failed, no service, no such network."""


class NetworkManager:
    """Joins networks by `nmcli`; the machine keeps what it joined and joins it again by itself."""

    async def join(self, wifi: WifiRead) -> None:
        """Join a network. Raises NotJoinedError."""
        # The password is an argument, seen by this machine's own users for as long as it takes:
        # nmcli reads one from its input only where that is a keyboard.
        secret = ("password", wifi.password) if wifi.password else ()
        hidden = ("hidden", "yes") if wifi.is_hidden else ()
        asked = ("--wait", str(_WAITS_S), "device", "wifi", "connect", wifi.name, *secret, *hidden)
        try:
            child = await asyncio.create_subprocess_exec(
                "nmcli",
                *asked,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            raise NotJoinedError("unmanaged") from error
        try:
            async with asyncio.timeout(_PATIENCE_S):
                code = await child.wait()
        except TimeoutError as error:
            raise NotJoinedError("late") from error
        finally:
            if child.returncode is None:
                child.kill()
        if code:
            raise NotJoinedError(_WHY.get(code, "failed"))
