"""What approvers do with held orders: release, refuse, offer something else."""

from dataclasses import dataclass

from hub.desk.approvals.acts.offer_order import OfferOrder
from hub.desk.approvals.acts.refuse_order import RefuseOrder
from hub.desk.approvals.acts.release_order import ReleaseOrder


@dataclass(frozen=True, slots=True)
class ApprovalActs:
    """The acts of approvals."""

    release: ReleaseOrder
    refuse: RefuseOrder
    offer: OfferOrder
