"""Several scanners at one counter: each is read by itself, and its codes come whole."""

import asyncio
from collections.abc import Sequence

from terminal.core.ports import Scanner


class ScannersTogether:
    """Gives the codes of several scanners one after the other, as they were read.

    Each scanner cuts its own bytes into codes, so two that are pulled at once never mix two codes.
    """

    def __init__(self, scanners: Sequence[Scanner]) -> None:
        self.scanners = tuple(scanners)
        self._reads: dict[Scanner, asyncio.Task[str] | None] = dict.fromkeys(scanners)

    async def read(self) -> str:
        """Give the next code of any of them; raises EOFError when none can ever give one again."""
        while self._reads:
            for scanner, reading in self._reads.items():
                if reading is None:
                    self._reads[scanner] = asyncio.create_task(_code_of(scanner))
            await asyncio.wait(
                [reading for reading in self._reads.values() if reading is not None],
                return_when=asyncio.FIRST_COMPLETED,
            )
            for scanner, reading in list(self._reads.items()):
                if reading is not None and reading.done():
                    # Looked at last from now on: one that never rests must not silence the others.
                    del self._reads[scanner]
                    try:
                        code = reading.result()
                    except EOFError:
                        continue
                    self._reads[scanner] = None
                    return code
        raise EOFError


async def _code_of(scanner: Scanner) -> str:
    return await scanner.read()
