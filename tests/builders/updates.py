"""Updates of terminals' software as the people who make them do: bundle, manifest, signature."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from broker.contract import ConfigData, UpdateSaid
from broker.contract.software import read_signed
from rules.tools.build.signing import key_line, new_private_key, public_key
from terminal.app.update.install import write_update

KEY: Final = new_private_key()
TRUSTED: Final = key_line(public_key(KEY).decode())
MACHINE, PYTHON = "aarch64", "3.11"


@dataclass(frozen=True, slots=True)
class Made:
    """An update's two files."""

    manifest: Path
    bundle: Path

    @property
    def content(self) -> bytes:
        """Give the file of the signed manifest."""
        return self.manifest.read_bytes()

    @property
    def digest(self) -> str:
        """Name the manifest."""
        return read_signed(self.content).digest

    def opened(self) -> BytesIO:
        """Give the bundle as it is handed over."""
        return BytesIO(self.bundle.read_bytes())


def make_update(
    folder: Path,
    number: int,
    *,
    key: bytes = KEY,
    machine: str = MACHINE,
    python: str = PYTHON,
    main: str = "",
) -> Made:
    """Make an update of a small terminal."""
    tree = folder / f"tree-{number}-{machine}"
    (tree / "terminal").mkdir(parents=True, exist_ok=True)
    (tree / "terminal" / "__main__.py").write_text(main or f"print({number})\n")
    files = write_update(
        *(tree, folder, key),
        number=number,
        version=f"{number}.0",
        machine=machine,
        python=python,
    )
    return Made(*files)


def says(
    number: int = 0, *, machine: str = MACHINE, python: str = PYTHON, **said: Any
) -> UpdateSaid:
    """Write what a terminal says of its software."""
    return UpdateSaid(number=number, machine=machine, python=python, **said)


def offered(configs: list[ConfigData]) -> list[str | None]:
    """Name the updates that configurations offer."""
    return [one.software.digest if one.software else None for one in configs]
