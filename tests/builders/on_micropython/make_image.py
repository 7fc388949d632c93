"""Writes a folder into a LittleFS in a file, as a board has it: `make_image.py IMAGE FOLDER`."""

import os
import sys

from firmware.board.unix import mount_flash


def copy(source, target):
    """Copy a folder with all in it."""
    for name, kind, *_ in os.ilistdir(source):
        if kind == 0x4000:
            os.mkdir(target + "/" + name)
            copy(source + "/" + name, target + "/" + name)
        else:
            with open(source + "/" + name, "rb") as old, open(target + "/" + name, "wb") as new:
                new.write(old.read())


copy(sys.argv[2], mount_flash(sys.argv[1]))
print("made", sys.argv[1])
