"""Files at records: kept once whatever they are called, given back whole, taken away once."""

from typing import Final

import pytest

from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.kept.files import MOST, Files, KeptFile, SentFile, read_files
from hub.base.kept.kinds import LARGEST, MOST_PIXELS
from tests.builders.market import Market
from tests.builders.photos import jpeg

PDF: Final = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (8).to_bytes(4, "big") * 2 + bytes(9)
DAY: Final = 86_400_000
WIDE: Final = PNG[:16] + (MOST_PIXELS + 1).to_bytes(4, "big") + PNG[20:]


def keep(market: Market, content: bytes, name: str = "gst.pdf", *, ref: str = "C1") -> object:
    """Keep a file at a customer as Asha would."""
    sent = SentFile(content, name)
    files = market.hub.ground.part(Files)
    return files.add("customer", ref, sent, by="asha", topic="customers")


def there(market: Market, ref: str = "C1") -> list[tuple[str, str, bool]]:
    """Name the files of a customer, whose they are, and whether they are in force."""
    with market.hub.ground.database.read() as connection:
        found = read_files(connection, "customer", ref)
    return [(one.title, one.kind, one.in_force) for one in found]


def code(done: object) -> str:
    """Give why a file was not kept."""
    assert isinstance(done, Refused), done
    assert all(sentence(done.reasons[0], language=name) for name in ("en", "hi"))
    return done.reasons[0].code


def test_a_file_is_kept_once_is_given_back_whole_and_is_taken_away_once(market: Market) -> None:
    files = market.hub.ground.part(Files)

    first = keep(market, PDF, "C:\\scans\\gst\tform.pdf")
    again = keep(market, PDF, "another name.pdf")
    keep(market, PDF, ref="C2")
    assert isinstance(first, KeptFile)
    gone = [
        files.end("customer", "C1", first.id, by="ravi", topic="customers", why="ran out")
        for _ in range(2)
    ]
    of_another = files.end("customer", "C1", first.id + 1, by="ravi", topic="customers")
    keep(market, PDF, "again.pdf")

    assert again == first
    assert files.hashed.read(first.digest) == PDF
    assert [type(one) for one in gone] == [KeptFile, KeptFile]
    assert code(of_another) == "file_unknown"
    assert there(market) == [("again.pdf", "pdf", True), ("gst form.pdf", "pdf", False)]
    assert there(market, "C2") == [("gst.pdf", "pdf", True)]
    ((by, why),) = market.rows(
        "SELECT ended_by, ended_why FROM record_file WHERE ended_at IS NOT NULL"
    )
    assert (by, why) == ("ravi", "ran out")


def later(market: Market, days: int) -> None:
    """Let days pass, and do what is due by then."""
    market.clock.ms += days * DAY
    market.hub.jobs.run_due("test")


def test_bytes_go_a_week_after_the_last_record_that_had_them(market: Market) -> None:
    files = market.hub.ground.part(Files)

    def end(ref: str) -> None:
        with market.hub.ground.database.read() as connection:
            newest = read_files(connection, "customer", ref)[0]
        files.end("customer", ref, newest.id, by="ravi", topic="customers")

    first = keep(market, PDF)
    keep(market, PDF, ref="C2")
    assert isinstance(first, KeptFile)
    end("C1")
    later(market, 8)
    of_another = files.hashed.read(first.digest)
    end("C2")
    later(market, 6)
    keep(market, PDF)
    later(market, 2)
    kept_again, sound = files.hashed.read(first.digest), market.broken()
    end("C1")
    later(market, 6)
    not_yet = files.hashed.read(first.digest)
    later(market, 2)

    assert of_another == kept_again == not_yet == PDF
    assert sound == market.broken() == set()
    assert files.hashed.read(first.digest) is None
    assert isinstance(keep(market, PDF), KeptFile)
    assert files.hashed.read(first.digest) == PDF


def test_the_audit_names_files_that_are_gone_or_have_other_bytes(market: Market) -> None:
    files = market.hub.ground.part(Files)
    gone, other = keep(market, PDF), keep(market, PNG)
    assert isinstance(gone, KeptFile)
    assert isinstance(other, KeptFile)

    files.hashed.remove(gone.digest)
    files.hashed.path_of(other.digest).write_bytes(PDF)

    (found,) = [one for one in market.audit().kept if one.promise.name == "kept_files"]
    assert found.checked == 2
    assert set(found.faults) == {
        f"files: {gone.digest} is gone",
        f"files: {other.digest} has other bytes",
    }


@pytest.mark.one_engine
def test_what_a_file_is_is_said_by_its_bytes(market: Market) -> None:
    kept = [keep(market, one, "x.exe", ref="C2") for one in (PDF, PNG, jpeg())]
    endless = b"\xff\xd8" + b"\xff" * 100_000
    wrong = (b"", b"<html><script>", b"MZ\x90", PNG[:20], b"\xff\xd8\xff\xe0\x00", endless)
    refused = [code(keep(market, one, "x.pdf")) for one in wrong]

    assert [getattr(one, "kind", one) for one in kept] == ["pdf", "png", "jpeg"]
    assert set(refused) == {"file_wrong"}
    assert code(keep(market, WIDE)) == "file_pixels"
    assert code(keep(market, PDF + bytes(LARGEST))) == "file_large"
    for number in range(MOST):
        assert isinstance(keep(market, PDF + str(number).encode()), KeptFile)
    folder = market.hub.ground.part(Files).hashed.folder
    before = sorted(folder.rglob("*"))
    assert code(keep(market, PDF + b"one too many")) == "file_many"
    assert sorted(folder.rglob("*")) == before  # of what is refused no file stays
    assert there(market)[0] == ("gst.pdf", "pdf", True)
