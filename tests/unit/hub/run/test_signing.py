"""The hub's own key: made once, for its owner only, the same for everybody who starts at once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hub.run.signing import PackSigner
from rules.tools.build.signing import SigningKeyError, is_signed, new_private_key

DIGEST = "ab" * 32


def test_the_first_use_makes_a_key_that_later_starts_keep(tmp_path: Path) -> None:
    first, later = PackSigner(tmp_path / "signing"), PackSigner(tmp_path / "signing")

    signature = first.sign(DIGEST)

    assert is_signed(DIGEST, signature, later.public)
    assert stat.S_IMODE((tmp_path / "signing" / "private.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "signing").stat().st_mode) == 0o700


def test_hubs_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    signers = [PackSigner(tmp_path / "signing") for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda signer: signer.public, signers))

    assert len(keys) == 1
    assert sorted(path.name for path in (tmp_path / "signing").iterdir()) == [
        "private.pem",
        "public.pem",
    ]


def test_a_key_that_was_made_elsewhere_is_used(tmp_path: Path) -> None:
    (tmp_path / "private.pem").write_bytes(new_private_key())

    signer = PackSigner(tmp_path)

    assert is_signed(DIGEST, signer.sign(DIGEST), signer.public)


def test_a_file_that_is_no_key_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "private.pem").write_text("nothing")

    with pytest.raises(SigningKeyError, match=r"private\.pem: not a private key"):
        PackSigner(tmp_path).sign(DIGEST)

    assert (tmp_path / "private.pem").read_text() == "nothing"
