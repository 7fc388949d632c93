"""Commands about packs: check, test, pack, keygen and verify."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from rules import CaseFailure, load_pack, run_cases
from rules.commands.files import cases_named, packed_at, read_folder, with_sources
from rules.commands.running import FAULTS, OK, Command, StopError
from rules.language.sections import RULE_LISTS
from rules.language.text.faults import Place, unreadable
from rules.tools.build.packing import bound
from rules.tools.build.signing import SigningKeyError, key_line, new_private_key, public_key, sign
from rules.tools.build.verifying import PackRefusedError, verified
from rules.tools.lint.places import Places


def _check(chosen: argparse.Namespace) -> int:
    packed = read_folder(chosen.pack)
    pack, document = load_pack(packed), json.loads(packed)
    counts = {section.packed: len(document.get(section.packed, ())) for section in RULE_LISTS}
    told = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    print(f"{pack.name} {pack.version}: {len(packed)} bytes, {pack.hash}")
    print(f"files: {', '.join(sorted(pack.sources))}")
    print(f"rules: {told or 'none'}; cases: {len(pack.cases)}")
    return OK


def _pack(chosen: argparse.Namespace) -> int:
    packed = read_folder(chosen.pack)
    try:
        previous = None if chosen.previous is None else packed_at(chosen.previous)
        packed = bound(packed, previous=previous, not_before=chosen.not_before)
        pack = load_pack(packed)
        signature = None if chosen.key is None else sign(pack.hash, chosen.key.read_bytes())
    except PackRefusedError as error:
        raise StopError(f"{chosen.pack}: {error}", FAULTS) from error
    except (OSError, SigningKeyError) as error:
        raise StopError(unreadable(chosen.key, error)) from error
    chosen.output.write_bytes(packed)
    beside = _signature_of(chosen.output)
    if signature is None:
        beside.unlink(missing_ok=True)  # of what was packed here before, it would be wrong now
    else:
        beside.write_text(f"{signature}\n", encoding="ascii")
    signed = "" if signature is None else f", signed in {beside}"
    print(f"{pack.name} {pack.version}: {len(packed)} bytes, {pack.hash}{signed}")
    return OK


def _signature_of(packed: Path) -> Path:
    return packed.with_name(packed.name + ".sig")


def _verify(chosen: argparse.Namespace) -> int:
    try:
        packed = chosen.pack.read_bytes()
        beside = _signature_of(chosen.pack)
        signature = beside.read_text(encoding="utf-8").strip() if beside.exists() else ""
        keys = [_key(text) for text in chosen.key]
        previous = None if chosen.previous is None else packed_at(chosen.previous)
        pack = verified(packed, signature, keys, previous=previous)
    except (OSError, UnicodeDecodeError, SigningKeyError) as error:
        raise StopError(unreadable(chosen.pack, error)) from error
    except PackRefusedError as error:
        if chosen.json:
            print(json.dumps({"refused": error.code, "text": str(error)}))
        raise StopError(f"{chosen.pack}: {error.code}: {error}", FAULTS) from error
    text = f"{pack.name} {pack.version}: signed, {len(pack.cases)} cases pass, {pack.hash}"
    if pack.previous is not None:
        text += f", after {pack.previous[:12]}"
    if pack.not_before is not None:
        text += f", not before {pack.not_before}"
    print(json.dumps({"refused": None, "text": text}) if chosen.json else text)
    return OK


def _key(text: str) -> str:
    """Read a public key: the file it is in, or the line itself as terminals are given it."""
    path = Path(text)
    return key_line(path.read_text(encoding="utf-8") if path.is_file() else text)


def _keygen(chosen: argparse.Namespace) -> int:
    private, public = chosen.output / "private.pem", chosen.output / "public.pem"
    pem = new_private_key()
    try:
        chosen.output.mkdir(parents=True, exist_ok=True)
        with open(private, "xb", opener=_owner_only) as file:
            file.write(pem)
        public.write_bytes(public_key(pem))
    except OSError as error:
        raise StopError(f"{error}; a key is never written over") from error
    print(f"{private}: keep it secret\n{public}: {key_line(public.read_text(encoding='ascii'))}")
    return OK


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _test(chosen: argparse.Namespace) -> int:
    whole = load_pack(read_folder(chosen.pack))
    pack = whole
    if chosen.only is not None:
        pack = replace(whole, cases=tuple(cases_named(whole, chosen.only)))
    failures = run_cases(pack)
    places = Places(chosen.pack)
    told = [line for failure in failures for line in _told(failure, places)]
    for line in with_sources(told, chosen.pack):
        print(line, file=sys.stderr)
    print(f"{pack.name} {pack.version}: {len(pack.cases)} cases, {len(failures)} failed")
    return FAULTS if failures else OK


def _told(failure: CaseFailure, places: Places) -> Iterator[str]:
    """Tell each difference of a case at its place in the rule files."""
    for one in failure.differences:
        place = places.of_case(failure.case, ("expect", *one.path))
        yield f"{place or Place('', 1, 1)}: {failure.case}: {one.text}"


def _takes_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument("pack", type=Path, help="folder with the *.yaml files")


def _takes_cases(command: argparse.ArgumentParser) -> None:
    _takes_folder(command)
    command.add_argument(
        "-k", dest="only", metavar="NAME", help="only the cases of which the name has this in it"
    )


def _takes_packing(command: argparse.ArgumentParser) -> None:
    _takes_folder(command)
    command.add_argument("-o", "--output", type=Path, required=True, help="file to write")
    command.add_argument("--key", type=Path, help="private key; signs into a file beside: FILE.sig")
    command.add_argument("--previous", type=Path, help="the pack that this one follows")
    command.add_argument(
        "--not-before",
        type=date.fromisoformat,
        metavar="DAY",
        help="the first day that it may decide on, such as 2026-12-01",
    )


def _takes_key_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-o", "--output", type=Path, required=True, help="folder for private.pem and public.pem"
    )


def _takes_verifying(command: argparse.ArgumentParser) -> None:
    command.add_argument("pack", type=Path, help="packed file, its signature beside: FILE.sig")
    command.add_argument(
        "--key",
        action="append",
        required=True,
        help="public key: a PEM file, or the line in it; several are all trusted",
    )
    command.add_argument("--previous", type=Path, help="the pack that it must follow")
    command.add_argument("--json", action="store_true", help="print one JSON object")


COMMANDS: Final[Mapping[str, Command]] = {
    "check": Command(_check, "report every fault in the files", "rules/packs/fmcg", _takes_folder),
    "test": Command(
        _test, "check, then run the cases beside the rules", "rules/packs/fmcg", _takes_cases
    ),
    "pack": Command(
        _pack,
        "check, then write the pack that hub and terminals load, and sign it",
        "rules/packs/fmcg -o fmcg.json --key keys/private.pem",
        _takes_packing,
    ),
    "keygen": Command(
        _keygen, "make a pair of keys to sign packs with", "-o keys", _takes_key_folder
    ),
    "verify": Command(
        _verify,
        "check who signed a pack, what it follows, and that its cases pass",
        "fmcg.json --key keys/public.pem",
        _takes_verifying,
    ),
}
