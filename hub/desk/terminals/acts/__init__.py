"""What the hub does for terminals: take orders, hear, answer, refuse, enrol."""

from dataclasses import dataclass

from hub.desk.terminals.acts.access.admit_device import AdmitDevice
from hub.desk.terminals.acts.access.ask_diagnosis import AskDiagnosis
from hub.desk.terminals.acts.access.claim_terminal import ClaimTerminal
from hub.desk.terminals.acts.access.enrol_terminal import EnrolTerminal
from hub.desk.terminals.acts.access.follow_order import FollowOrder
from hub.desk.terminals.acts.access.keep_cards import KeepCards
from hub.desk.terminals.acts.access.keep_groups import KeepGroups
from hub.desk.terminals.acts.access.rotate_password import RotatePassword
from hub.desk.terminals.acts.access.set_counter import SetCounter
from hub.desk.terminals.acts.access.settle_kept import SettleKept
from hub.desk.terminals.acts.answer_asks import AnswerAsks
from hub.desk.terminals.acts.begin_hub import BeginHub
from hub.desk.terminals.acts.hear_diagnosis import HearDiagnosis
from hub.desk.terminals.acts.hear_terminals import HearTerminals
from hub.desk.terminals.acts.keep_sample import KeepSample
from hub.desk.terminals.acts.refuse_messages import RefuseMessages
from hub.desk.terminals.acts.renew_leases import RenewLeases
from hub.desk.terminals.acts.send_outbox import SendOutbox
from hub.desk.terminals.acts.take_back import TakeBack
from hub.desk.terminals.acts.take_orders import TakeOrders


@dataclass(frozen=True, slots=True)
class TerminalActs:
    """The acts that messages from terminals go to."""

    take: TakeOrders
    take_back: TakeBack
    hear: HearTerminals
    renew: RenewLeases
    outbox: SendOutbox
    refuse: RefuseMessages
    answer: AnswerAsks
    hear_diagnosis: HearDiagnosis


@dataclass(frozen=True, slots=True)
class EnrolmentActs:
    """The acts of staff on terminals, and on a hub that is new."""

    enrol: EnrolTerminal
    begin: BeginHub
    settle: SettleKept
    set_counter: SetCounter
    claim: ClaimTerminal
    admit: AdmitDevice
    cards: KeepCards
    groups: KeepGroups
    diagnose: AskDiagnosis
    rotate: RotatePassword
    sample: KeepSample
    follow: FollowOrder
