"""What the portal gives is signed by it, and documents that go together are cancelled together."""

from pathlib import Path

from hub.base.access import EVERYTHING
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from simulators.portal import Registry
from simulators.portal.registry import write_code
from simulators.portal.signing import make_signer
from tests.builders.market import Market
from tests.builders.money import BY, billed, credited, delivered, invoices_of
from tests.builders.portal import detail_of, state_of, with_portal, work, work_later


def test_a_code_that_the_portal_did_not_sign_is_not_kept(market: Market, tmp_path: Path) -> None:
    signs, public = make_signer()
    others, _ = make_signer()
    registry = Registry(others)
    (tmp_path / "portal.pem").write_text(public)

    with with_portal(market, tmp_path, registry, einvoice_key="portal.pem"):
        invoice = billed(market, market.place(("SOAP", 3)).order).invoice
        work(market)
        doubted = detail_of(market, invoice).registration
        registry.sign = signs
        work_later(market)
        kept = detail_of(market, invoice).registration

    assert doubted is not None
    assert kept is not None
    assert (doubted.state, doubted.qr) == ("waiting", "")
    assert "not signed by the portal" in doubted.error
    assert kept.state == "registered"
    assert kept.qr == write_code(registry.read(kept.irn), signs)
    assert registry.given == 1
    assert market.broken() == set()


def test_a_debit_note_is_cancelled_at_the_portal_with_the_credit_note_that_it_came_with(
    market: Market, tmp_path: Path
) -> None:
    with with_portal(market, tmp_path) as portal:
        made = billed(market, delivered(market, ("RICE", 10)))
        note = credited(market, made.invoice, Credited(back={1: 3}, charged={2: 1}))
        assert isinstance(note, Issued)
        work(market)
        (more,) = (one for kind, one, _ in detail_of(market, note.invoice).notes)

        cancel = invoices_of(market).cancel
        done = cancel(note.invoice, why="wrong shop", by=BY, scope=EVERYTHING)
        work(market)

        assert isinstance(done, Issued)
        assert [state_of(market, one) for one in (made.invoice, note.invoice, more)] == [
            "registered",
            "cancelled",
            "cancelled",
        ]
        documents = portal.registry.documents.values()
        assert [one.is_active for one in documents] == [True, False, False]
        assert [one.document["DocDtls"]["Typ"] for one in documents] == ["INV", "CRN", "DBN"]
        assert market.broken() == set()
