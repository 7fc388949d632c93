"""Opens a serial line without blocking and without what it held before."""

import os
from typing import Final, Literal

from terminal.core.text import plain

_PROBE_TIMEOUT_S: Final = 0

Flow = Literal["none", "xonxoff", "rtscts", "dsrdtr"]
"""How the other end says that it takes no more: not at all, by two bytes, by a wire of the two."""


def open_line(path: str, baud: int, flow: Flow = "none") -> int:
    """Give a non-blocking handle of the raw line; raises OSError where there is none.

    pyserial sets the line up (raw, speed, flow control, exclusive); the handle is a duplicate, so
    that it can be watched by the event loop and closed on its own.
    """
    # Imported here: most counters have no serial line, and memory for something else.
    import serial  # noqa: PLC0415

    try:
        port = serial.Serial(
            path,
            baud,
            timeout=_PROBE_TIMEOUT_S,
            exclusive=True,
            xonxoff=flow == "xonxoff",
            rtscts=flow == "rtscts",
        )
    except (serial.SerialException, ValueError) as error:
        raise OSError(plain(error) if isinstance(error, OSError) else str(error)) from error
    try:
        port.reset_input_buffer()
        handle = os.dup(port.fileno())
        os.set_blocking(handle, False)
    finally:
        port.close()
    return handle
