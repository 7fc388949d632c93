"""Send documents to the portal of e-invoices and cancel them there: the job's work outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason
from hub.base.jobs import Job
from hub.base.jobs.calling import WebHost
from hub.base.transaction import Transaction, Transactions
from hub.desk.invoices.model.gst_files import check_document, encode_file
from hub.desk.invoices.model.portal_fields import CODED
from hub.desk.invoices.model.portal_qr import find_differences
from hub.desk.invoices.model.registration import (
    TYPES,
    Answer,
    Known,
    NotTaken,
    PortalAnswerError,
    Refusal,
    Registered,
    Terms,
    irn_of,
    read_answer,
    read_cancelled,
)
from hub.desk.invoices.reads.record import InvoiceDetail, read_invoice
from hub.desk.invoices.store.registering import (
    Turn,
    take_cancelled,
    take_dropped,
    take_refused,
    take_registered,
)
from hub.desk.parties.store import business_day

Aftermath = Callable[[Transaction], None]
PATHS: Final = {
    "register": "/eicore/v1.03/Invoice",
    "find": "/eicore/v1.03/Invoice/irnbydocdetails",
    "read": "/eicore/v1.03/Invoice/irn/{irn}",
    "cancel": "/eicore/v1.03/Invoice/Cancel",
}
"""The paths of the portal's published interface; a gateway's own stand in the credentials."""
_SURE_AFTER: Final = 3
"""So often is it asked for a document that was cancelled here and may have reached the portal."""
_WRONG_ENTRY: Final = "2"
_MOST_REMARK: Final = 100


class NoPortalError(Exception):
    """There is something to send and no portal is set."""


class NotSureError(Exception):
    """The portal does not have a document now, but what was sent to it may arrive still."""


@dataclass(slots=True)
class SendDocument:
    """The act, with what it needs; `scope` has every row."""

    transactions: Transactions
    clock: Clock
    host: WebHost
    terms: Terms
    scope: Scope

    def __call__(self, job: Job) -> Aftermath | None:
        """Register a document that waits, and give what is written down of it.

        The portal knows a document by its number: sent twice, it is there once, and the second
        time it answers with what it gave the first time.
        """
        turn = Turn(int(job.payload["invoice"]), int(job.payload["round"]))
        found = self._read(turn, "waiting")
        if found is None:
            return None
        if found.row["cancelled_day"] is not None:
            return self._give_up(found, turn, attempts=job.attempts)
        written = found.portal_file(with_trip=self.terms.eway)
        faults = check_document(found.row, written, seller=found.seller, buyer=found.buyer)
        if faults:
            told = NotTaken(tuple(Refusal("", "", one) for one in faults))
            return partial(take_refused, turn=turn, told=told)
        return self._keep(self._register(found, encode_file(written)), turn, written=written)

    def cancel(self, job: Job) -> Aftermath | None:
        """Cancel a document at the portal that is cancelled here."""
        turn = Turn(int(job.payload["invoice"]), int(job.payload["round"]))
        found = self._read(turn, "cancelling")
        if found is None:
            return None
        irn = _irn(found)
        why = str(found.row["cancelled_why"] or "-")[:_MOST_REMARK]
        body = msgspec.json.encode({"Irn": irn, "CnlRsn": _WRONG_ENTRY, "CnlRem": why})
        told = read_cancelled(*self._call("POST", "cancel", body), irn=irn)
        return partial(take_cancelled, turn=turn, told=told)

    def _read(self, turn: Turn, state: str) -> InvoiceDetail | None:
        """Read the document of a round; None where it does not wait for that any more."""
        if not self.host.url:
            raise NoPortalError(f"{turn.invoice}/{turn.round}")
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            found = read_invoice(
                t.connection, turn.invoice, today=business_day(t), scope=self.scope
            )
        if found is None or found.registration is None:
            return None
        stands = (found.registration.state, found.registration.round)
        return found if stands == (state, turn.round) else None

    def _give_up(self, found: InvoiceDetail, turn: Turn, *, attempts: int) -> Aftermath:
        """See that the portal does not have a document that was cancelled while it waited."""
        if attempts == 1 and turn.round == 1:
            return partial(take_dropped, turn=turn)
        answer = self._find(found)
        if not isinstance(answer, NotTaken):
            return self._keep(answer, turn, written=found.portal_file())
        if attempts < _SURE_AFTER:
            raise NotSureError(found.row["number"])
        return partial(take_dropped, turn=turn)

    def _register(self, found: InvoiceDetail, body: bytes) -> Answer:
        answer = self._answer("POST", "register", found, body=body)
        return self._read_known(found) if isinstance(answer, Known) else answer

    def _find(self, found: InvoiceDetail) -> Answer:
        """Ask for a document by its number; NotTaken where the portal has none."""
        said = {
            "doctype": TYPES[found.row["kind"]],
            "docnum": found.row["number"],
            "docdate": f"{found.row['day']:%d/%m/%Y}",
        }
        answer = self._answer("GET", "find", found, query=f"?{urlencode(said)}")
        if isinstance(answer, NotTaken) and not answer.is_unknown:
            raise PortalAnswerError("; ".join(f"{one.code} {one.text}" for one in answer.refusals))
        return answer

    def _read_known(self, found: InvoiceDetail) -> Answer:
        """Read what the portal gave for a document when it was sent before."""
        answer = self._answer("GET", "read", found)
        if not isinstance(answer, Registered):
            raise PortalAnswerError("it knows the document, and does not give it")
        return answer

    @staticmethod
    def _keep(answer: Answer, turn: Turn, *, written: Mapping[str, Any]) -> Aftermath:
        """Give what writes an answer down.

        A portal that has another document under the number, as after a restore, gives that one's
        IRN and code: they are not kept, and nothing is cancelled there.
        """
        if isinstance(answer, Registered):
            other = _tell_other(answer, written)
            if other is not None:
                return partial(take_refused, turn=turn, told=NotTaken((Refusal("", "", other),)))
            return partial(take_registered, turn=turn, given=answer)
        if isinstance(answer, NotTaken):
            return partial(take_refused, turn=turn, told=answer)
        raise PortalAnswerError("it knows the document, and does not give it")

    def _answer(
        self, method: str, name: str, found: InvoiceDetail, *, query: str = "", body: bytes = b""
    ) -> Answer:
        irn = _irn(found)
        called = self._call(method, name, body, query=query, irn=irn)
        number = found.row["number"]
        return read_answer(*called, irn=irn, number=number, keys=self.terms.keys)

    def _call(
        self, method: str, name: str, body: bytes, *, query: str = "", irn: str = ""
    ) -> tuple[int, bytes]:
        path = self.terms.paths.get(name, PATHS[name]).format(irn=irn)
        return self.host.call(method, path + query, body)


def _tell_other(given: Registered, written: Mapping[str, Any]) -> Reason | None:
    """Tell in what the portal's document is another one than ours; None where it is ours."""
    for name, theirs, ours in find_differences(given.qr, written):
        said = {"number": written["DocDtls"]["No"], "field": [f"portal.{CODED[name]}", {}]}
        return Reason("einvoice_other_document", {**said, "theirs": theirs, "ours": ours})
    return None


def _irn(found: InvoiceDetail) -> str:
    row = found.row
    return irn_of(
        found.seller.gstin, year=row["financial_year"], kind=row["kind"], number=row["number"]
    )
