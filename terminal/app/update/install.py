"""Makes bundles of the terminal's software, and puts proven ones into the free slot."""

import gzip
import hashlib
import os
import tarfile
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from broker.contract.software import (
    FORMAT,
    MAX_BUNDLE_BYTES,
    Manifest,
    SignedManifest,
    SoftwareError,
    read_signed,
)
from terminal.app.update.manifest import (
    ON_TRIAL,
    check_bundle,
    check_manifest,
    sign_manifest,
    software_of,
)
from terminal.slots import Slots, Software, Step

_MOST_FILES: Final = 20_000
SERVES: Final = "terminal/__main__.py"
"""Without it the package's own would be started in its place, and called proven."""


def nothing(_name: str) -> None:
    """Do nothing before a step."""


def write_bundle(tree: Path, bundle: Path) -> tuple[str, int]:
    """Pack a folder of modules; gives the bundle's SHA-256 and its size.

    The same files make the same bytes: nothing of the machine that packs them is in it.
    """
    with (
        bundle.open("wb") as out,
        gzip.GzipFile("", "wb", fileobj=out, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for path in sorted(tree.rglob("*")):
            if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
                member = tarfile.TarInfo(path.relative_to(tree).as_posix())
                member.size, member.mode = path.stat().st_size, 0o644
                with path.open("rb") as content:
                    archive.addfile(member, content)
    with bundle.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest(), bundle.stat().st_size


def write_update(
    tree: Path, out: Path, private: bytes, *, number: int, version: str, machine: str, python: str
) -> tuple[Path, Path]:
    """Write the bundle of a folder and its signed manifest; gives both files."""
    if number < 1:
        raise SoftwareError("software_number_bad", f"{number} is no number of an update: 1 or more")
    if not (tree / SERVES).is_file():
        raise SoftwareError("software_tree_bad", f"{tree} is no terminal's software: no {SERVES}")
    out.mkdir(parents=True, exist_ok=True)
    stem = f"orderwire-terminal-{number}-{machine}-py{python}"
    bundle, target = out / f"{stem}.tar.gz", out / f"{stem}.json"
    digest, size = write_bundle(tree, bundle)
    manifest = Manifest(
        format=FORMAT,
        number=number,
        version=version,
        machine=machine,
        python=python,
        bundle=digest,
        size=size,
    )
    try:
        signed = sign_manifest(manifest, private)
    except SoftwareError:
        bundle.unlink()
        raise
    target.write_bytes(msgspec.json.encode(signed))
    return target, bundle


def install(
    slots: Slots, manifest_file: Path, bundle: Path, *, keys: str, step: Step = nothing
) -> tuple[str, Software]:
    """Prove an update and put it into the free slot; gives the slot. Raises SoftwareError, OSError.

    What is started next stays as it is: `Slots.switch` changes that, between two orders.
    """
    signed = read_signed(manifest_file.read_bytes())
    return install_signed(slots, signed, bundle, keys=keys, step=step)


def install_signed(
    slots: Slots, signed: SignedManifest, bundle: Path, *, keys: str, step: Step = nothing
) -> tuple[str, Software]:
    """Prove an update whose manifest was read already, and put it into the free slot.

    One that waits already stays as it is; a later one takes the place of one that waits.
    """
    state, awaited = slots.state(), slots.awaited
    if awaited is not None and awaited.manifest == signed.digest:
        return state.active, awaited
    manifest = check_offered(slots, signed, keys=keys)
    if slots.is_trying:
        text = f"number {state.number} is on trial: give it again in a minute"
        raise SoftwareError(ON_TRIAL, text)
    check_bundle(bundle, manifest)
    what = software_of(signed, manifest)
    slots.withdraw()
    return slots.fill(lambda folder: _unpack(bundle, folder), what, step), what


def check_offered(slots: Slots, signed: SignedManifest, *, keys: str) -> Manifest:
    """Prove that an update may be tried here, as far as its manifest tells.

    Raises SoftwareError.
    """
    if why := slots.state().refused.get(signed.digest):
        raise SoftwareError("software_failed_here", f"it was tried here before: {why}")
    return check_manifest(signed, keys, number=_number(slots))


def _number(slots: Slots) -> int:
    """Give the number of the software that is started next, 0 for what the package brought."""
    there = slots.software(slots.state().active)
    return there.number if there else 0


def _unpack(bundle: Path, folder: Path) -> None:
    """Unpack plain files below a folder, and nothing else; raises SoftwareError."""
    total = 0
    try:
        with tarfile.open(bundle, "r:gz") as archive:
            for count, member in enumerate(archive, 1):
                name = PurePosixPath(member.name)
                total += member.size
                is_below = not name.is_absolute() and ".." not in name.parts
                if (
                    not (member.isreg() and is_below)
                    or count > _MOST_FILES
                    or total > MAX_BUNDLE_BYTES
                ):
                    text = f"the bundle has what it may not have: {member.name[:80]}"
                    raise SoftwareError("software_bundle_bad", text)
                content = archive.extractfile(member)
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as handle:
                    while content is not None and (chunk := content.read(65_536)):
                        handle.write(chunk)
                os.chmod(target, 0o644)  # noqa: PTH101  # a path of ours
    except (tarfile.TarError, EOFError) as error:
        raise SoftwareError("software_bundle_bad", f"the bundle cannot be read: {error}") from error
    if not (folder / SERVES).is_file():
        raise SoftwareError(
            "software_bundle_bad", f"the bundle lacks {SERVES}: there is no terminal"
        )
