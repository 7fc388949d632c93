"""The timeline joins what was seen of an order; a recording is a scenario that can be played."""

from pathlib import Path

from simulators.bench.recording import Act as Done
from simulators.bench.recording import Recording
from simulators.bench.timeline import Timeline
from simulators.scenarios.scripts.reading import read_script
from simulators.scenarios.scripts.script import EndStep, FaultStep, ScanStep, WaitStep

ORDER = "01a228f6-e136-7e18-926e-b7f7fd938ebd"


def packet(kind: str, at_ms: int, *, term: str = "counter-1", status: str = "") -> bytes:
    said = f'{{"type":"{kind}","term":"{term}","at":{at_ms},"data":{{"order":"{ORDER}"'
    more = f',"status":"{status}"' if status else ',"number":"counter-1-00007"'
    return b"\x32\x80\x01\x00\x05topic\x00\x07" + f"{said}{more}}}}}".encode()


def test_an_order_is_joined_from_its_first_scan_to_its_slip() -> None:
    seen = Timeline("counter-1")

    seen.scanned("8901", 1_700_000_000_000)
    seen.scanned("OW-SUBMIT", 1_700_000_000_400)
    seen.passed(packet("order", 1_700_000_000_450), 1_700_000_000_470)
    seen.passed(packet("answer", 1_700_000_000_500, status="confirmed"), 1_700_000_000_520)
    seen.printed(ORDER, "slip 1", 1_700_000_000_900)

    rows = [(entry.step, entry.since_ms) for entry in seen.entries if entry.order]
    assert rows == [("outbox", 450), ("line", 20), ("rules", 30), ("answer", 20), ("slip", 380)]
    assert {entry.number for entry in seen.entries if entry.order} == {"counter-1-00007"}


def test_what_others_send_and_what_is_no_message_is_not_seen() -> None:
    seen = Timeline("counter-1")

    seen.passed(packet("order", 1_700_000_000_450, term="shop-01"), 1_700_000_000_470)
    seen.passed(b"\x40\x02\x00\x01", 1_700_000_000_470)
    seen.passed(b"", 1_700_000_000_470)
    seen.passed(b"\x30\x02{}", 1_700_000_000_470)

    assert list(seen.entries) == []


def test_a_recording_can_be_read_as_a_scenario_and_every_fault_of_it_ends(tmp_path: Path) -> None:
    kept = Recording("counter-1")
    kept.note(Done("scan", "lost: it was not on"))
    kept.start()
    for act in (
        Done("scan", '89"01'),
        Done("scan", "OW-SUBMIT"),
        Done("fault", "hub_killed"),
        Done("fault", "hub_killed"),
        Done("scan", "8902"),
    ):
        kept.note(act)
    file = tmp_path / "kept.yaml"
    file.write_text(kept.write('a "day"'))

    script = read_script(file)

    assert script.name == 'a "day"'
    assert script.steps == [
        ScanStep("counter-1", ('89"01', "OW-SUBMIT")),
        FaultStep("hub_killed"),
        ScanStep("counter-1", ("8902",)),
        EndStep("hub_killed"),
        WaitStep("counter-1", "printed"),
    ]
