"""Folders of cases that run on Python and on MicroPython alike; whoever runs them clears up."""

import os


def new_folder():
    """Make a folder below that of the run, which is in the environment."""
    path = "%s/%d" % (os.getenv("ORDERWIRE_CASES"), int.from_bytes(os.urandom(6), "big"))
    os.mkdir(path)
    return path
