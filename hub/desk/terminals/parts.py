"""What terminals bring to the hub: the wire's acts, pages, commands, and notices of changes."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transaction, Transactions
from hub.desk.orders.deciding import Desk
from hub.desk.orders.model.events import OrderChanged
from hub.desk.orders.words import sentence
from hub.desk.rulepacks.acts.check_files import check_files
from hub.desk.schemes.model import LeaseTerms
from hub.desk.terminals import api, words
from hub.desk.terminals.acts import EnrolmentActs, TerminalActs
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
from hub.desk.terminals.acts.load_distributor import LoadDistributor
from hub.desk.terminals.acts.refuse_messages import RefuseMessages
from hub.desk.terminals.acts.renew_leases import RenewLeases
from hub.desk.terminals.acts.send_outbox import SendOutbox
from hub.desk.terminals.acts.software import AddUpdate, SoftwareActs, StageUpdate, WatchUpdates
from hub.desk.terminals.acts.take_back import TakeBack
from hub.desk.terminals.acts.take_orders import TakeOrders
from hub.desk.terminals.commands import cards as card_commands
from hub.desk.terminals.commands import claim, diagnose, load, rotate, sample, terminal
from hub.desk.terminals.commands import groups as group_commands
from hub.desk.terminals.commands import leases as lease_commands
from hub.desk.terminals.commands import software as software_commands
from hub.desk.terminals.model import Secrets
from hub.desk.terminals.pages import (
    cards,
    counters,
    delivery,
    enrolment,
    follow,
    leases,
    machine,
    messages,
    settling,
    setup,
    terminals,
)
from hub.desk.terminals.pages import sample as sample_pages
from hub.desk.terminals.pages.machines import diagnoses, groups, rotation, software
from hub.desk.terminals.promises import (
    CHECK,
    check_answers,
    note_alarms,
    note_copies,
    note_gaps,
    note_packs,
)
from hub.desk.terminals.store.awaiting import FirstWords
from hub.desk.terminals.store.notices import KeepNotice
from hub.desk.terminals.store.software.files import FOLDER, SoftwareFiles
from hub.desk.terminals.wire.recalls import Recalls
from hub.web.noun import Finder, MenuEntry, Noun, Panel, Work

NOUN: Final = Noun(
    "terminals",
    routers=(
        enrolment.router,
        terminals.router,
        settling.router,
        counters.router,
        groups.router,
        rotation.router,
        diagnoses.router,
        cards.router,
        leases.router,
        messages.router,
        machine.router,
        setup.router,
        sample_pages.router,
        follow.router,
        software.router,
        *api.routers,
    ),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(
        MenuEntry(
            "/terminals",
            "menu.terminals",
            "devices",
            "terminals.read",
            place=70,
            area="network",
            key="t",
            also="/counter-groups",
        ),
        MenuEntry("/software", "menu.software", "package", "software.read", 75, "network"),
        MenuEntry("/leases", "menu.leases", "gift", "packs.read", 80, "network", "l"),
        MenuEntry("/messages", "menu.messages", "mail-off", "messages.read", 90, "network", "e"),
    ),
    permissions={
        "terminals": ("read", "settle", "set", "enrol"),
        "messages": ("read",),
        "setup": ("begin",),
        "software": ("read", "offer"),
    },
    topics={
        "terminals": "terminals.read",
        "messages": "messages.read",
        "software": "software.read",
    },
    words={"terminal_words": words},
    work=(
        Work("setup.begin", 1, setup.read_work),
        Work("terminals.read", 2, terminals.read_copies),
        Work("terminals.read", 3, settling.read_work),
        Work("terminals.enrol", 3, enrolment.read_waiting),
        Work("software.read", 4, software.read_work),
        Work("terminals.read", 40, terminals.read_work),
    ),
    finders=(Finder("terminals.read", terminals.find_terminals),),
    commands=(
        load.add,
        sample.add,
        terminal.add,
        claim.add,
        diagnose.add,
        rotate.add,
        card_commands.add,
        group_commands.add,
        software_commands.add,
        lease_commands.add,
    ),
    panels=(Panel("order", "side", "told_panel.html", read=delivery.read_panel),),
    promises=(CHECK, check_answers),
    notes=(note_gaps, note_alarms, note_packs, note_copies),
)


def build(
    ground: Ground,
    transactions: Transactions,
    secrets: Secrets,
    *,
    key: Callable[[], bytes],
    address: str,
    software_keys: str,
) -> tuple[EnrolmentActs, LoadDistributor, SoftwareActs]:
    """Make the acts of staff on terminals, and have terminals told of changed orders.

    `key` gives the bytes that the hub marks its messages with; `address` is where devices ask to
    become terminals, empty for the address at which the page of the claim was read; updates of
    terminals' software are taken from whom the `software_keys` belong to.
    """
    notice = KeepNotice(ground.ids, ground.boot, sentence, key)
    transactions.listen(OrderChanged, notice)
    clock = ground.clock
    enrol = EnrolmentActs(
        EnrolTerminal(transactions, secrets, clock, key),
        BeginHub(transactions, clock),
        SettleKept(transactions, clock),
        SetCounter(transactions, clock),
        ClaimTerminal(transactions, secrets, clock, address),
        AdmitDevice(transactions, secrets, clock),
        KeepCards(transactions, clock),
        KeepGroups(transactions, clock),
        AskDiagnosis(transactions, clock, ground.ids),
        RotatePassword(transactions, secrets, clock, ground.ids),
        KeepSample(transactions, secrets, clock, check_files),
        FollowOrder(transactions, clock),
    )
    files = SoftwareFiles(ground.folder / FOLDER)
    updates = SoftwareActs(
        AddUpdate(transactions, clock, files, software_keys),
        StageUpdate(transactions, clock, files),
        WatchUpdates(transactions, clock),
        files,
    )
    return enrol, LoadDistributor(transactions, secrets, clock), updates


def build_wire(
    ground: Ground,
    transactions: Transactions,
    desk: Desk,
    *,
    terms: LeaseTerms,
    http: str,
    sign: Callable[[str], str],
    key: Callable[[], bytes],
    gstins: Callable[[Transaction], Mapping[int, str]],
) -> TerminalActs:
    """Make the acts that messages go to; `http` is where terminals fetch snapshots.

    `gstins` reads the GSTIN of each seller that has one.
    """
    clock, ids, boot = ground.clock, ground.ids, ground.boot
    renew = RenewLeases(transactions, desk.packs, terms, clock)
    first_words = FirstWords(clock)
    recalls = Recalls(ids, boot)
    return TerminalActs(
        take=TakeOrders(transactions, desk, clock, ids, boot, sentence, key, first_words),
        take_back=TakeBack(transactions, desk, clock, recalls, key),
        hear=HearTerminals(
            *(transactions, renew, clock, ids, boot, http, sign, first_words, gstins, recalls)
        ),
        renew=renew,
        outbox=SendOutbox(transactions, clock),
        refuse=RefuseMessages(transactions, clock, ids, boot),
        answer=AnswerAsks(transactions, desk, clock, ids, boot, sentence),
        hear_diagnosis=HearDiagnosis(transactions, clock),
    )
