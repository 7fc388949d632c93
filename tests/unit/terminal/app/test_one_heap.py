"""Threads of a counter allocate where all of it does."""

import subprocess
import sys

import pytest

HEAPS = """
import ctypes, threading
from terminal.app.machine.memory import keep_one_heap
{first}
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
for _ in range(3):
    one = threading.Thread(target=libc.malloc, args=(1_000,))
    one.start()
    one.join()
libc.fopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
libc.malloc_info(0, out)
libc.fclose(out)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of Linux")
@pytest.mark.parametrize(("first", "is_one"), [("", 0), ("keep_one_heap()", 1)])
def test_threads_have_no_heaps_of_their_own(first: str, is_one: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAPS.format(first=first)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert (done.stdout.count("<heap nr=") == 1) == bool(is_one)
