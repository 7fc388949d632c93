"""Keep a checked rule pack as a draft; what serves goes on serving."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.model.versions import Version
from hub.desk.rulepacks.store.drafts import keep_draft


@dataclass(slots=True)
class AddPack:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, pack: PackedPack, *, by: str, why: str = "") -> Version:
        """Keep a draft and give it; one of the same content that is there stays as it is.

        Rules that the linter finds an error in are not kept. Raises PackStepError.
        """
        if errors := pack.errors:
            raise PackStepError("has_errors", errors=len(errors), first=errors[0].text)
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            added = keep_draft(t, pack, why=why)
            t.commit()
        return added
