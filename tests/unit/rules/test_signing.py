"""Signed packs: who may sign, what may follow what, and what is refused with which code."""

import hashlib
import json
import stat
import subprocess
import sys
from base64 import b64decode, b64encode
from datetime import date
from pathlib import Path

import pytest

from rules import PackLoadError, load_pack
from rules.__main__ import main
from rules.tools.build.packing import bound
from rules.tools.build.signing import (
    SigningKeyError,
    is_signed,
    key_line,
    new_private_key,
    public_key,
    sign,
)
from rules.tools.build.verifying import PackRefusedError, verified
from tests.unit.rules.making import BASE, HEAD, packed_of, read_text

ROOT = Path(__file__).parents[3]
FMCG = str(ROOT / "rules" / "packs" / "fmcg")
OURS, THEIRS = new_private_key(), new_private_key()
WRONG_CASE: dict[str, object] = {
    "name": "two for one",
    "on": "2026-01-01",
    "customer": {"id": "C", "type": None, "geo": [], "status": "active"},
    "credit": None,
    "products": {},
    "batches": [],
    "lines": [],
    "payment": "credit",
    "expect": {"outcome": "accept"},
}


def line_of(private: bytes) -> str:
    return key_line(public_key(private).decode())


def signed(packed: bytes, private: bytes = OURS) -> str:
    return sign(hashlib.sha256(packed).hexdigest(), private)


def refused(packed: bytes, signature: str | None = None, **rest: bytes) -> str:
    """Give the code that a pack is refused with."""
    with pytest.raises(PackRefusedError) as caught:
        verified(packed, signed(packed) if signature is None else signature, KEYS, **rest)
    return caught.value.code


KEYS = [line_of(OURS)]


def test_a_signed_pack_is_loaded() -> None:
    packed = packed_of(version=4)

    assert verified(packed, signed(packed), KEYS).version == 4


def test_any_of_several_keys_will_do_so_that_a_new_one_can_take_over() -> None:
    packed = packed_of()

    for private in (OURS, THEIRS):
        assert verified(packed, signed(packed, private), [line_of(OURS), line_of(THEIRS)])


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        ("", "pack_unsigned"),
        ("not base64!", "pack_signature_bad"),
        ("AAAA", "pack_signature_bad"),
        (b64encode(bytes(64)).decode(), "pack_signature_bad"),
        (signed(packed_of(), THEIRS), "pack_signature_bad"),
        (signed(packed_of(version=2)), "pack_signature_bad"),
    ],
    ids=["none", "no base64", "three bytes", "zeros", "a stranger's", "of other bytes"],
)
def test_what_nobody_known_signed_is_refused(signature: str, code: str) -> None:
    assert refused(packed_of(), signature) == code


def test_one_changed_byte_breaks_the_signature() -> None:
    packed = packed_of()
    signature = signed(packed)

    assert refused(packed.replace(b"INR", b"INS"), signature) == "pack_signature_bad"


def test_a_stranger_s_pack_is_refused_before_it_is_read() -> None:
    assert refused(b"[" * 100_000, "AAAA") == "pack_signature_bad"


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (packed_of(format=2), "pack_too_new"),
        (packed_of(engine=99), "pack_too_new"),
        (packed_of(format=0), "pack_unreadable"),
        (b"[]", "pack_unreadable"),
        (packed_of(not_before="soon"), "pack_unreadable"),
        (packed_of(cases=[WRONG_CASE]), "pack_cases_failed"),
    ],
)
def test_a_signature_does_not_make_a_bad_pack_good(packed: bytes, code: str) -> None:
    assert refused(packed) == code


def test_a_pack_names_the_one_it_follows_and_its_first_day() -> None:
    first = packed_of(version=1)

    second = load_pack(bound(packed_of(version=2), previous=first, not_before=date(2026, 12, 1)))

    assert second.previous == hashlib.sha256(first).hexdigest()
    assert second.not_before == date(2026, 12, 1)


def test_a_pack_that_follows_nothing_keeps_its_hash() -> None:
    packed = read_text(HEAD + BASE)

    assert bound(packed) == packed


@pytest.mark.parametrize("version", [1, 2])
def test_the_version_must_rise(version: int) -> None:
    with pytest.raises(PackRefusedError, match=f"version {version} is not above 2") as caught:
        bound(packed_of(version=version), previous=packed_of(version=2))

    assert caught.value.code == "pack_chain_broken"


def test_nothing_follows_what_is_no_pack() -> None:
    with pytest.raises(PackLoadError):
        bound(packed_of(), previous=b"{}")


def test_the_chain_is_checked_against_the_pack_before() -> None:
    first, other = packed_of(version=1), packed_of(version=1, name="other")
    second = bound(packed_of(version=2), previous=first)

    assert verified(second, signed(second), KEYS, previous=first).version == 2
    assert refused(second, previous=other) == "pack_chain_broken"
    assert refused(packed_of(version=3), previous=first) == "pack_chain_broken"


@pytest.mark.parametrize("key", ["", "abc", b64encode(bytes(32)).decode(), "MCowBQYDK2VwAyEA"])
def test_what_is_no_public_key_is_said_to_be_none(key: str) -> None:
    with pytest.raises(SigningKeyError):
        key_line(key)


@pytest.mark.parametrize(
    "key", [b"", b"secret", public_key(OURS)], ids=["nothing", "no key", "a public key"]
)
def test_what_is_no_private_key_signs_nothing(key: bytes) -> None:
    with pytest.raises(SigningKeyError):
        sign("0" * 64, key)


@pytest.mark.needs("openssl")
def test_openssl_finds_our_signature_good(tmp_path: Path) -> None:
    packed = packed_of()
    digest = hashlib.sha256(packed).hexdigest()
    (tmp_path / "public.pem").write_bytes(public_key(OURS))
    (tmp_path / "signed").write_bytes(b"orderwire rule pack sha-256 " + digest.encode())
    (tmp_path / "good").write_bytes(b64decode(signed(packed)))

    done = subprocess.run(
        [
            "openssl",
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            "public.pem",
            "-rawin",
            "-in",
            "signed",
            "-sigfile",
            "good",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Signature Verified Successfully" in done.stdout, done.stderr


@pytest.mark.needs("openssl")
def test_a_key_that_openssl_made_signs(tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519", "-out", tmp_path / "key.pem"], check=True
    )
    private = (tmp_path / "key.pem").read_bytes()

    assert is_signed("ab" * 32, sign("ab" * 32, private), line_of(private))


# --- the commands ---


@pytest.fixture
def keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Make a pair of keys."""
    assert main(["keygen", "-o", str(tmp_path / "keys")]) == 0
    capsys.readouterr()
    return tmp_path / "keys"


def packed_to(path: Path, keys: Path, *more: str) -> str:
    """Pack and sign the shipped pack."""
    assert main(["pack", FMCG, "-o", str(path), "--key", str(keys / "private.pem"), *more]) == 0
    return str(path)


def test_a_private_key_is_for_its_owner_only_and_never_written_over(
    keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (keys / "private.pem").read_bytes()

    assert stat.S_IMODE((keys / "private.pem").stat().st_mode) == 0o600
    assert main(["keygen", "-o", str(keys)]) == 2
    assert "never written over" in capsys.readouterr().err
    assert (keys / "private.pem").read_bytes() == before


def test_what_pack_signs_verify_accepts_by_file_and_by_line(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = packed_to(tmp_path / "fmcg.json", keys, "--not-before", "2026-12-01")
    line = key_line((keys / "public.pem").read_text())

    for key in (str(keys / "public.pem"), line):
        capsys.readouterr()
        assert main(["verify", packed, "--key", key]) == 0
        assert "signed, 23 cases pass" in (said := capsys.readouterr().out)
        assert said.rstrip().endswith("not before 2026-12-01")


def test_verify_says_why_not_to_people_and_to_programs(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = packed_to(tmp_path / "fmcg.json", keys)
    Path(packed).write_bytes(Path(packed).read_bytes() + b" ")
    capsys.readouterr()

    assert main(["verify", packed, "--key", str(keys / "public.pem"), "--json"]) == 1

    said = capsys.readouterr()
    assert json.loads(said.out)["refused"] == "pack_signature_bad"
    assert "fmcg.json: pack_signature_bad: the pack is signed by nobody known" in said.err


def test_packing_without_a_key_leaves_no_signature_of_other_bytes(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = packed_to(tmp_path / "fmcg.json", keys)
    assert main(["pack", FMCG, "-o", packed]) == 0

    assert main(["verify", packed, "--key", str(keys / "public.pem")]) == 1
    assert "pack_unsigned" in capsys.readouterr().err


def test_a_chain_that_does_not_hold_is_told(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = packed_to(tmp_path / "fmcg.json", keys)
    next_one = str(tmp_path / "next.json")

    assert main(["pack", FMCG, "-o", next_one, "--previous", packed]) == 1
    assert "version 1 is not above 1" in capsys.readouterr().err
    assert not Path(next_one).exists()
    assert main(["verify", packed, "--key", str(keys / "public.pem"), "--previous", packed]) == 1
    assert "pack_chain_broken: it follows no pack" in capsys.readouterr().err


def test_a_file_that_is_no_key_is_a_wrong_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "fmcg.json"

    assert main(["pack", FMCG, "-o", str(output), "--key", f"{FMCG}/pack.yaml"]) == 2
    assert "not a private key" in capsys.readouterr().err
    assert not output.exists()
    output.write_bytes(packed_of())
    output.with_name("fmcg.json.sig").write_text(signed(packed_of()))
    assert main(["verify", str(output), "--key", "nonsense"]) == 2
    assert "'nonsense' is not a public key" in capsys.readouterr().err


def test_loading_and_checking_packs_does_not_need_the_library_until_a_signature_is_asked_for() -> (
    None
):
    program = "import sys, rules.__main__; print('cryptography' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"
