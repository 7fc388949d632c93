"""A slow disk and a wrong clock: for programs that are started with a small library before libc's.

SQLite and every other program wait for fsync and fdatasync before they say that something is kept,
and ask clock_gettime for the hour. A machine's disk cannot be made slow, nor its clock wrong, by
whoever is not root; what one program calls can be.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from simulators.errors import UnavailableError

_DELAY_MS: Final = 400
_SLOW: Final = r"""
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
_WRONG: Final = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static time_t off_s(void) {
    const char *off = getenv("ORDERWIRE_CLOCK_OFF_S");
    return off ? (time_t)atoll(off) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int done = real(clock, at);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) at->tv_sec += off_s();
    return done;
}

int gettimeofday(struct timeval *at, void *zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
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
        _compile(_SLOW, self._library, f"-DDELAY_MS={_DELAY_MS}")

    def slow(self) -> None:
        """Have each fsync wait from now on."""
        self._sign.touch()

    def mend(self) -> None:
        """Have the disk be as fast as it is."""
        self._sign.unlink(missing_ok=True)


class WrongClock:
    """The library in `folder`; a program with `environ` believes the clock `off_s` from the truth.

    Clocks that count from the start of the machine are right.
    """

    def __init__(self, folder: Path, *, off_s: int) -> None:
        self._library = folder / "wrong-clock.so"
        self.environ = {
            "LD_PRELOAD": str(self._library),
            "ORDERWIRE_CLOCK_OFF_S": str(off_s),
        }

    def build(self) -> None:
        """Compile the library; raises UnavailableError where there is no compiler for it."""
        _compile(_WRONG, self._library)


def _compile(source: str, library: Path, *options: str) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        raise UnavailableError("a slow disk or a wrong clock needs a C compiler: apt install gcc")
    done = subprocess.run(
        [
            *(compiler, "-shared", "-fPIC", "-O1", *options),
            *("-x", "c", "-", "-o", str(library), "-ldl"),
        ],
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UnavailableError(f"{library.stem} cannot be made here: {done.stderr[-300:]}")
