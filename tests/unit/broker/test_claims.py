"""What stands on an enrolment slip, and what cannot be read as one."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract.decisions import with_mac
from broker.contract.enrolment import (
    Asked,
    Claim,
    ClaimError,
    Told,
    claim_key,
    claim_name,
    hash_password,
    is_claim,
    is_hashed,
    new_code,
    pair_number,
    read_claim,
    read_sealed,
    seal,
    write_claim,
)

CODE = "7K3MPX2Q9TRD5VWN"
HUB = "http://192.168.1.10:8080"


def asked(**changed: str) -> Asked:
    values = {
        "claim": claim_name(CODE),
        "terminal": "",
        "device": "pi",
        "password_sha256": "0" * 64,
        "password_line": hash_password("secret"),
    }
    return Asked(**{**values, **changed})


def test_a_claim_is_written_in_groups_with_the_hub_behind_it() -> None:
    assert write_claim(Claim(CODE, HUB)) == f"OW-ENROL-7K3M-PX2Q-9TRD-5VWN@{HUB}"
    assert write_claim(Claim(CODE)) == "OW-ENROL-7K3M-PX2Q-9TRD-5VWN"


@pytest.mark.parametrize(
    "text",
    [
        f"OW-ENROL-7K3M-PX2Q-9TRD-5VWN@{HUB}",
        f"ow-enrol-7k3m-px2q-9trd-5vwn@{HUB}",
        f"  7K3MPX2Q9TRD5VWN@{HUB}/ ",
        f"7K3M PX2Q 9TRD 5VWN@{HUB}",
    ],
)
def test_a_claim_is_read_as_people_type_it(text: str) -> None:
    assert read_claim(text) == Claim(CODE, HUB)


def test_a_hub_below_a_path_is_asked_there() -> None:
    assert read_claim(f"{CODE}@https://trade.example/hub/").hub == "https://trade.example/hub"


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert read_claim("OIL0-OIL0-OIL0-OIL0").code == "0110" * 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "OW-ENROL-",
        "OW-ENROL-7K3M-PX2Q-9TRD",
        "OW-ENROL-7K3M-PX2Q-9TRD-5VWU",
        "8901234567894",
        f"{CODE}@ftp://192.168.1.10",
        f"{CODE}@http://user:word@192.168.1.10",
        f"{CODE}@http://192.168.1.10:port",
        f"{CODE}@http://",
        f"{CODE}@{HUB}/?word=1",
        f"{CODE}@{HUB}/a b",
        f"{CODE}@{HUB}{'x' * 300}",
    ],
)
def test_what_is_no_claim_is_refused(text: str) -> None:
    with pytest.raises(ClaimError):
        read_claim(text)


@given(st.text(max_size=80))
def test_any_text_is_a_claim_or_refused(text: str) -> None:
    try:
        claim = read_claim(text)
    except ClaimError:
        return
    assert read_claim(write_claim(claim)) == claim


def test_new_codes_are_claims_and_never_alike() -> None:
    codes = {new_code() for _ in range(200)}

    assert len(codes) == 200
    assert all(read_claim(code).code == code for code in codes)
    assert is_claim(write_claim(Claim(new_code())))
    assert not is_claim("OW-SUBMIT")


def test_a_message_is_read_by_who_has_the_code_alone() -> None:
    sealed = seal(asked(), claim_key(CODE))

    assert read_sealed(sealed, Asked, claim_key(CODE)) == asked(
        password_line=read_sealed(sealed, Asked, claim_key(CODE)).password_line
    )
    with pytest.raises(ValueError, match="who has the claim"):
        read_sealed(sealed, Asked, claim_key(new_code()))
    with pytest.raises(ValueError, match="who has the claim"):
        read_sealed(sealed.replace(b'"pi"', b'"po"'), Asked, claim_key(CODE))


def test_an_answer_is_of_one_question_alone() -> None:
    told = Told(state="enrolled", terminal="shop-1", broker_port=1883)
    key = claim_key(CODE)
    answer = seal(told, key, of=b"one question")

    assert read_sealed(answer, Told, key, of=b"one question") == told
    with pytest.raises(ValueError, match="who has the claim"):
        read_sealed(answer, Told, key, of=b"another")


def test_the_pair_number_is_the_devices_own() -> None:
    mine, other = asked(), asked(password_sha256="1" * 64)

    assert pair_number(mine) == pair_number(mine)
    assert pair_number(mine) != pair_number(other)
    assert len(pair_number(mine)) == 4


@pytest.mark.parametrize(
    "line",
    [
        "",
        "secret",
        "$7$100000000$AAAAAAAAAAAAAAAA$" + "A" * 86 + "==",
        "$6$101$AAAAAAAAAAAAAAAA$" + "A" * 86 + "==",
        hash_password("x") + "\nhub:" + hash_password("x"),
        hash_password("x") + "\n",
    ],
    ids=["empty", "bare", "dear", "other kind", "two lines", "ended line"],
)
def test_only_the_line_of_a_password_is_one(line: str) -> None:
    assert not is_hashed(line)
    assert is_hashed(hash_password("x"))


def test_what_two_versions_exchange_stays_as_it_is() -> None:
    told = Told(state="waiting", terminal="shop-1")

    assert claim_name(CODE) == "51e2147c04ad94d4bfdd2be1994d7441"
    assert claim_key(CODE).hex() == (
        "ed5d2f28427ab7139ac0d571c678d04f70e90b1f4979833cfa4a16abe4838de7"
    )
    assert pair_number(asked()) == "4150"
    assert seal(told, claim_key(CODE), of=b"asked") == (
        b'{"state":"waiting","terminal":"shop-1","broker_host":"","broker_port":0,'
        b'"broker_ca":"","pack_keys":"","software_keys":"",'
        b'"mac":"ccea0cea743949ba60fc2b42a72d8b53dccdf8d9aa902259710a43a991dcccc3"}'
    )


def test_a_newer_end_may_say_more() -> None:
    key = claim_key(CODE)
    newer = with_mac(
        b'{"state":"enrolled","terminal":"shop-1","colour":"blue"}', key, of=sha256(b"").digest()
    )

    assert read_sealed(newer, Told, key).terminal == "shop-1"
