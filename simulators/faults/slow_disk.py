"""A disk whose fsync takes long: for programs that are started with a small library before libc's.

SQLite and every other program wait for fsync and fdatasync before they say that something is kept.
A machine's disk cannot be made slow by whoever is not root, but what a program calls can be.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from simulators.errors import UnavailableError

_DELAY_MS: Final = 400
_SOURCE: Final = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_where_slow(void) {
    const char *sign = getenv("ORDERWIRE_SLOW_DISK");
    if (sign && access(sign, F_OK) == 0) usleep(DELAY_MS * 1000);
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_where_slow();
    return real(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_where_slow();
    return real(file);
}
"""


class SlowDisk:
    """The library in `folder`, and the sign that makes it slow; `environ` is for the programs."""

    def __init__(self, folder: Path) -> None:
        self._library = folder / "slow-disk.so"
        self._sign = folder / "disk-is-slow"
        self.environ = {
            "LD_PRELOAD": str(self._library),
            "ORDERWIRE_SLOW_DISK": str(self._sign),
        }

    def build(self) -> None:
        """Compile the library; raises UnavailableError where there is no compiler for it."""
        compiler = shutil.which("cc")
        if compiler is None:
            raise UnavailableError("a slow disk needs a C compiler: apt install gcc")
        done = subprocess.run(
            [
                *(compiler, "-shared", "-fPIC", "-O1", f"-DDELAY_MS={_DELAY_MS}"),
                *("-x", "c", "-", "-o", str(self._library), "-ldl"),
            ],
            input=_SOURCE,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise UnavailableError(f"a slow disk cannot be made here: {done.stderr[-300:]}")

    def slow(self) -> None:
        """Have each fsync wait from now on."""
        self._sign.touch()

    def mend(self) -> None:
        """Have the disk be as fast as it is."""
        self._sign.unlink(missing_ok=True)
