"""One suite for both encoders: in this process, and in a child that lives for one slip."""

import asyncio
from pathlib import Path

import pytest

from simulators.devices import PrinterProfile
from terminal.core.layout import Row
from terminal.core.ports import Encoder
from terminal.devices.encoding import EncoderProcess, EncodingError
from terminal.devices.escpos import EscposEncoder, encode
from terminal.devices.profiles import PROFILES
from tests.fixtures.printers import only_slip

ROWS = (Row("Café 5 €", "12.50"), Row("01a0c450", kind="qr"), Row("TOTAL", "9.00", style="big"))


@pytest.fixture(params=[EscposEncoder, EncoderProcess])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    """Give each encoder."""
    made: Encoder = request.param("58mm")
    return made


def test_slips_are_encoded_for_the_profile(encoder: Encoder) -> None:
    async def run() -> list[bytes]:
        encoder.warm()
        return [await encoder.encode(ROWS), await encoder.encode(ROWS)]

    first, second = asyncio.run(run())

    assert first == second == encode(ROWS, PROFILES["58mm"])
    assert "Café 5 €" in only_slip(first, PrinterProfile(width=384)).text


def test_a_slip_leaves_nothing_among_the_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    job = asyncio.run(EncoderProcess("58mm").encode(ROWS))

    assert job
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [EscposEncoder, EncoderProcess])
def test_an_unknown_profile_is_refused_at_once(kind: type) -> None:
    with pytest.raises((KeyError, ValueError), match="90mm"):
        kind("90mm")


def test_a_child_that_fails_is_an_error_and_the_next_slip_works() -> None:
    async def run() -> bytes:
        encoder = EncoderProcess("80mm")
        with pytest.raises(EncodingError, match="encoder failed"):
            await encoder.encode((Row("x", kind="nothing"),))  # type: ignore[arg-type]
        return await encoder.encode(ROWS)

    assert asyncio.run(run()) == encode(ROWS, PROFILES["80mm"])
