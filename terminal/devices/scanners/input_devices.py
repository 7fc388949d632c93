"""Which keyboards the kernel knows, of which a scanner is one."""

import fcntl
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

_CLASS: Final = Path("/sys/class/input")
_NODES: Final = Path("/dev/input")
_GRAB: Final = 0x40044590  # EVIOCGRAB of <linux/input.h>
_KEYS_OF_A_SCANNER: Final = (2, 11, 28)  # the digits and Enter
_WORD_BITS: Final = 64


class InputDevice(NamedTuple):
    """A keyboard: its device file, and by what it is told from others.

    `usb` is `vendor:product` in four hexadecimal digits each; `serial` is empty where it has none.
    """

    path: str
    name: str
    usb: str
    serial: str

    @property
    def key(self) -> str:
        """Name it in the settings: `0c2e:0b61`, and with its serial number `0c2e:0b61:X7`."""
        return f"{self.usb}:{self.serial}" if self.serial else self.usb


class NoDeviceError(OSError):
    """No keyboard, or more than one, is the one that is meant."""


def keyboards(known: Path = _CLASS, nodes: Path = _NODES) -> Sequence[InputDevice]:
    """List the keyboards that are there, by their device files."""
    found = []
    for place in sorted(known.glob("event*"), key=lambda one: int(one.name.removeprefix("event"))):
        device = place / "device"
        if _has_keys(_told(device / "capabilities" / "key")):
            usb = f"{_told(device / 'id' / 'vendor')}:{_told(device / 'id' / 'product')}"
            name, serial = _told(device / "name"), _told(device / "uniq")
            found.append(InputDevice(str(nodes / place.name), name, usb, serial))
    return found


def choose(wanted: str, there: Sequence[InputDevice]) -> str:
    """Give the device file of the scanner that the settings name.

    That is a path, or `vendor:product` or `vendor:product:serial`. Raises NoDeviceError.
    """
    if wanted.startswith("/"):
        return wanted
    fitting = [one for one in there if wanted.lower() in {one.usb.lower(), one.key.lower()}]
    if len(fitting) == 1:
        return fitting[0].path
    if not fitting:
        others = ", ".join(f"{one.key} ({one.name})" for one in there) or "none"
        raise NoDeviceError(f"no keyboard is {wanted}; there are: {others}")
    paths = ", ".join(one.path for one in fitting)
    raise NoDeviceError(f"more than one keyboard is {wanted}: name one by its path: {paths}")


def grab(handle: int) -> None:
    """Have a device alone: nothing that is typed on it reaches anybody else. Raises OSError."""
    fcntl.ioctl(handle, _GRAB, 1)


def _told(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _has_keys(words: str) -> bool:
    """Tell by the kernel's bits, words of 64 with the highest first, whether it types digits."""
    try:
        bits = [int(word, 16) for word in reversed(words.split())]
    except ValueError:
        return False
    return all(
        key // _WORD_BITS < len(bits) and bits[key // _WORD_BITS] >> key % _WORD_BITS & 1
        for key in _KEYS_OF_A_SCANNER
    )
