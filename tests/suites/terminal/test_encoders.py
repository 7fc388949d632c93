"""One suite for both encoders: in this process, and in a child that serves many slips."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulators.devices import PrinterProfile
from terminal.core.layout import Row
from terminal.core.ports import Encoder, Job
from terminal.devices.encoding import EncoderProcess, EncodingError
from terminal.devices.escpos import EscposEncoder, encode
from terminal.devices.profiles import PROFILES
from tests.fixtures.counter_process import ROOT
from tests.fixtures.printers import no_fribidi, only_slip

ROWS = (Row("Café 5 €", "12.50"), Row("01a0c450", kind="qr"), Row("TOTAL", "9.00", style="big"))


@pytest.fixture(params=[EscposEncoder, EncoderProcess])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    """Give each encoder."""
    made: Encoder = request.param("58mm")
    return made


def test_slips_are_encoded_for_the_profile(encoder: Encoder) -> None:
    async def run() -> list[Job]:
        async with aclosing(encoder):
            encoder.warm()
            return [await encoder.encode(ROWS), await encoder.encode(ROWS)]

    first, second = asyncio.run(run())

    assert first == second == encode(ROWS, PROFILES["58mm"])
    assert "Café 5 €" in only_slip(b"".join(first), PrinterProfile(width=384)).text


@pytest.mark.needs("noto-fonts")
@pytest.mark.parametrize("name", ["आशीर्वाद आटा", "شاي أسام 12", "பச்சை அரிசி"])
def test_a_machine_that_cannot_join_letters_draws_them_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    no_fribidi(tmp_path, monkeypatch)

    async def run() -> Job:
        async with aclosing(EncoderProcess("58mm")) as encoder:
            return await encoder.encode([Row(name, "12.50", from_right=True), Row("Cola")])

    slip = only_slip(b"".join(asyncio.run(run())), PrinterProfile(width=384))

    assert "[image 384" in slip.text
    assert "Cola" in slip.text


def test_every_piece_of_a_job_ends_with_a_whole_line(encoder: Encoder) -> None:
    async def run() -> Job:
        async with aclosing(encoder):
            return await encoder.encode(ROWS)

    whole, apart = asyncio.run(run()), b"\x1dr\x01"

    slip = only_slip(apart.join(whole), PrinterProfile(width=384))
    assert slip.text == only_slip(b"".join(whole), PrinterProfile(width=384)).text
    assert max(map(len, whole)) < 2048


@dataclass
class Watched:
    """An encoder whose children are looked at."""

    encoder: EncoderProcess

    def children(self) -> list[int]:
        """Name the encoders that run as children of this process."""
        task = Path(f"/proc/self/task/{os.getpid()}/children")
        running = task.read_text(encoding="ascii").split()
        command = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in running}
        return [int(pid) for pid, line in command.items() if b"terminal.devices.escpos" in line]


def test_one_process_serves_all_slips_and_ends_with_its_owner() -> None:
    async def run() -> list[list[int]]:
        watched = Watched(EncoderProcess("58mm"))
        seen = []
        for _ in range(3):
            await watched.encoder.encode(ROWS)
            seen.append(watched.children())
        await watched.encoder.aclose()
        return [*seen, watched.children()]

    first, second, third, after = asyncio.run(run())

    assert len(first) == 1
    assert first == second == third
    assert after == []


def test_a_quiet_counter_gets_the_memory_back_and_the_next_slip_is_encoded() -> None:
    async def run() -> Job:
        watched = Watched(EncoderProcess("58mm", kept_s=0.01))
        await watched.encoder.encode(ROWS)
        async with asyncio.timeout(10):
            while watched.children():  # noqa: ASYNC110  # another process has no event here
                await asyncio.sleep(0.01)
        async with aclosing(watched.encoder) as encoder:
            return await encoder.encode(ROWS)

    assert asyncio.run(run()) == encode(ROWS, PROFILES["58mm"])


def test_a_child_that_was_killed_between_two_slips_is_replaced() -> None:
    async def run() -> Job:
        async with aclosing(EncoderProcess("58mm")) as encoder:
            await encoder.encode(ROWS)
            for child in Watched(encoder).children():
                os.kill(child, signal.SIGKILL)
            return await encoder.encode(ROWS)

    assert asyncio.run(run()) == encode(ROWS, PROFILES["58mm"])


@pytest.mark.parametrize("setting", [None, "kept"])
def test_a_slip_leaves_nothing_among_the_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str | None
) -> None:
    kept = tmp_path / "kept"
    temporary = tmp_path / "temporary"
    kept.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    if setting is not None:
        monkeypatch.setenv("ESCPOS_CAPABILITIES_PICKLE_DIR", str(kept))

    async def run() -> Job:
        async with aclosing(EncoderProcess("58mm")) as encoder:
            return await encoder.encode(ROWS)

    assert asyncio.run(run())
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("kind", [EscposEncoder, EncoderProcess])
def test_an_unknown_profile_is_refused_at_once(kind: type) -> None:
    with pytest.raises((KeyError, ValueError), match="90mm"):
        kind("90mm")


def test_a_slip_that_cannot_be_encoded_is_an_error_and_the_next_one_works() -> None:
    async def run() -> Job:
        async with aclosing(EncoderProcess("80mm")) as encoder:
            with pytest.raises(EncodingError, match="encoder failed"):
                await encoder.encode((Row("x", kind="nothing"),))  # type: ignore[arg-type]
            return await encoder.encode(ROWS)

    assert asyncio.run(run()) == encode(ROWS, PROFILES["80mm"])


def test_the_library_reads_its_table_without_a_yaml_parser_and_leaves_nothing_behind() -> None:
    program = (
        "import os, yaml; yaml.safe_load = None; before = dict(os.environ);"
        "from terminal.core.layout import Row; from terminal.devices.escpos import encode;"
        "from terminal.devices.profiles import PROFILES;"
        "print(len(encode([Row('Cola')], PROFILES['58mm'])), os.environ == before)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.stdout == "3 True\n", done.stderr
