"""What the hub sends: answers, notices, and what a terminal should have."""

from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from broker.contract.asking import Reply
from broker.contract.cards import MAX_OPERATORS, MAX_SERVED, OperatorCard, ServedCustomer
from broker.contract.envelope import (
    Code,
    Count,
    Digest,
    Envelope,
    GstNumber,
    Instant,
    Name,
    Signature,
    Text,
    Uuid,
)
from broker.contract.facts import (
    USUAL_NOTICES,
    CustomerFacts,
    Lease,
    Payment,
    SchemeCounter,
)
from broker.contract.software import SignedManifest

USUAL_QUANTITY: Final = 1_000
"""Of a line in its own unit: what is above it is asked for once more, unless the hub says else."""

Params = dict[str, int | str | list[Any]]
"""The raw values of a reason: amounts in minor units, dates in ISO 8601, nothing in words."""

OrderStatus = Literal["confirmed", "confirmed_changed", "held", "rejected", "cancelled"]


class Reason(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why: a code for programs, a sentence for people, the rule and line it is about.

    `params` are the code's raw values, from which whoever knows the code makes a sentence of its
    own; the text is for those who do not.
    """

    code: Code
    text: Text
    line: int | None = None
    rule: str = ""
    params: Params = {}


class Coded(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a text in another list says, as a code with its raw values."""

    code: Code
    params: Params = {}


class BatchPick(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many base units come from one batch."""

    batch: str
    qty: int
    expiry: str | None = None


class LineDiscount(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one rule takes off a line; `amount` is None where it is not told apart from others."""

    rule: str
    amount: int | None = None


class TaxSum(Struct, frozen=True, kw_only=True):
    """What one head of tax comes to on a whole order: CGST, 25,000 millionths of 443.54 are 11.09.

    The rate is 0 for so much a piece.
    """

    head: str
    rate: int
    net: int
    amount: int


class AnswerLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line as decided; `qty` is what is promised, `ordered` what was asked for.

    `unit` is the pack size that it was ordered in, of `pack_size` base units. With `pack_price`,
    `gross` is exactly so many packs at it. `mrp` is what is printed on a base unit. Both prices are
    integers like `unit_price`. `discounts` are the parts of `discount` by the rules that gave them.
    """

    line: int
    sku: str
    name: str
    ordered: int
    qty: int
    unit_price: int
    gross: int
    discount: int
    net: int
    tax: int
    total: int
    notes: list[str] = []
    batches: list[BatchPick] = []
    unit: str | None = None
    pack_size: int | None = None
    pack_price: int | None = None
    mrp: int | None = None
    discounts: list[LineDiscount] = []


class FreeLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Goods given by a scheme; `lines` are those that earned them."""

    sku: str
    name: str
    qty: int
    rule: str
    batches: list[BatchPick] = []
    lines: list[int] = []


class Totals(Struct, frozen=True, kw_only=True):
    """The order's sums: gross - discount = net; net + tax + round_off = payable."""

    gross: int
    discount: int
    net: int
    tax: int
    round_off: int
    payable: int


class AnswerData(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The hub's decision on an order; `near` says what was almost earned.

    `payment` is how it is meant to be paid by now. `deciders` are the roles that a held order waits
    for: one person of any of them says yes or no first.
    `coupons` are the codes that came with the order, `coupon_notes` say which gave nothing and why.
    `near_codes` and `coupon_codes` say the same as `near` and `coupon_notes`, in the same order;
    where they are shorter, the texts beyond them stand alone. `uses` is what the order counts
    towards schemes. `taxes` are summed by head and rate; `schemes` say what people call the rules
    that gave something, by their ids. `delivery_day` is when a confirmed order is to be brought,
    empty where that is not known or is over.
    """

    order: Uuid
    number: str
    revision: Count
    status: OrderStatus
    currency: str
    scale: int
    business_date: str
    reasons: list[Reason]
    lines: list[AnswerLine]
    free: list[FreeLine]
    totals: Totals | None
    near: list[str]
    credit_left: int | None
    pack: Digest | None
    pack_version: int
    coupons: list[str] = []
    coupon_notes: list[str] = []
    near_codes: list[Coded] = []
    coupon_codes: list[Coded] = []
    payment: Payment | None = None
    deciders: list[Code] = []
    uses: list[SchemeCounter] = []
    taxes: list[TaxSum] = []
    schemes: dict[str, str] = {}
    delivery_day: str = ""


class Answer(Envelope, tag="answer", frozen=True, kw_only=True):
    """Sent once the decision is committed; a repeated order gets the same bytes again.

    `mac` is the hub's own mark, for itself alone: by it the hub knows its answer when it gets it
    back. `again` stands behind it, of a repeat that an earlier card of the terminal may have had,
    or an earlier state of this one: its slip may be on paper already.
    """

    data: AnswerData
    mac: Digest | UnsetType = UNSET
    again: bool | UnsetType = UNSET


class RefusedData(Struct, frozen=True, kw_only=True):
    """Why a message was not taken at all; `order` is named where it could be read.

    With `numbered_to` nothing was ever decided on that order, only its number is another's: the
    terminal sends it again under one above that number.
    """

    code: Code
    text: Text
    order: str | None = None
    numbered_to: Count | None = None


class Refused(Envelope, tag="refused", frozen=True, kw_only=True):
    """The hub could not take a message; sending it again would not help."""

    data: RefusedData


class NoticeData(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A later change of an order, under a revision above the one the terminal has.

    `decision` is what was decided where the rules were asked again; its reasons are left out, they
    are the notice's. Without it the lines and sums of the revision before stand. `placed_by` names
    who placed an order that is no terminal's: its notices begin with revision 1.
    """

    order: Uuid
    number: str
    revision: Count
    status: OrderStatus
    reasons: list[Reason]
    decision: AnswerData | None = None
    placed_by: Name = ""


class Notice(Envelope, tag="notice", frozen=True, kw_only=True):
    """Sent until the terminal acknowledges that revision; `mac` and `again` as in an answer."""

    data: NoticeData
    mac: Digest | UnsetType = UNSET
    again: bool | UnsetType = UNSET


class Snapshot(Struct, frozen=True, kw_only=True):
    """A file to fetch from the hub over HTTP, at `/terminal/v1/snapshots/{hash}`."""

    hash: Digest
    size: Count


class SignedSnapshot(Snapshot, frozen=True, kw_only=True):
    """A rule pack to fetch; the signature is of its hash, so it can be checked before fetching."""

    signature: Signature | None = None


class ConfigData(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the terminal should have: whom it serves, where to fetch, which snapshots.

    `leases` and the customer's own `counters` stand as of `counted_at`, with the terminal's orders
    up to the number `counted_to` in them; what later ones use is still to be taken off. Where they
    are too many for one message they come in `parts`, which are equal in all else. `numbered_to` is
    the highest number that the hub has an order of this terminal under: the next is above it.
    `payments` are the ways to pay that the counter takes, the usual one first; where none is named,
    all are, and credit is usual. A line of more than `ask_quantity` in its own unit, and an order
    of more than `ask_amount` in minor units, are asked for once more; 0 asks never. `operators` may
    order here by their cards, and where one is `operator_needed`, nobody else may. `customers` are
    those that the counter may order for beside its own, by their cards. `software` is an update of
    the terminal's own software that it is to try, None where it is to try none. `diagnosis` is the
    id of what the hub asks the terminal to tell of itself, None where nobody asked. `rotation` is
    the id of the other password that the terminal is asked to make, until it was used. `gstin` is
    the seller's, `customer_gstin` that of the counter's own customer. `notices` says which of them
    print by themselves: `all`, `no_invoices`, or `changes`, those that change an order.
    """

    distributor: Name
    support: Name
    timezone: str
    customer: CustomerFacts
    warehouse: str
    http: str
    catalogue: Snapshot
    pack: SignedSnapshot
    leases: list[Lease] = []
    counters: list[SchemeCounter] = []
    counted_at: Instant = 0
    counted_to: Count = 0
    numbered_to: Count = 0
    payments: Annotated[list[Payment], Meta(max_length=3)] = []
    ask_quantity: Count = USUAL_QUANTITY
    ask_amount: Count = 0
    operators: Annotated[list[OperatorCard], Meta(max_length=MAX_OPERATORS)] = []
    operator_needed: bool = False
    customers: Annotated[list[ServedCustomer], Meta(max_length=MAX_SERVED)] = []
    software: SignedManifest | None = None
    diagnosis: Uuid | None = None
    rotation: Uuid | None = None
    gstin: GstNumber = ""
    customer_gstin: GstNumber = ""
    notices: Code = USUAL_NOTICES
    part: Annotated[int, Meta(ge=1)] = 1
    parts: Annotated[int, Meta(ge=1)] = 1


class Config(Envelope, tag="config", frozen=True, kw_only=True):
    """The desired state, sent after each birth and on each change."""

    data: ConfigData


class RecallData(Struct, frozen=True, kw_only=True):
    """From which number on answered orders are to be given back: those above it."""

    after: Count


class Recall(Envelope, tag="recall", frozen=True, kw_only=True):
    """The hub has forgotten: the terminal gives back its answered orders, a message at a time."""

    data: RecallData


MAX_HALTED: Final = 16
"""How many starts of one terminal are halted at most."""


class HaltData(Struct, frozen=True, kw_only=True):
    """Which starts are to take no orders: another machine of this terminal's id was there first."""

    starts: Annotated[list[Uuid], Meta(min_length=1, max_length=MAX_HALTED)]


class Halt(Envelope, tag="halt", frozen=True, kw_only=True):
    """Two machines run under one id: those named stop selling; any other says that there are two.

    A machine is free again under a new password.
    """

    data: HaltData


DownMessage = Answer | Refused | Reply | Notice | Config | Recall | Halt


class HubStatusData(Struct, frozen=True, kw_only=True):
    """Is somebody there to take orders."""

    state: Literal["online", "offline"]


class HubStatus(Envelope, tag="hub_status", frozen=True, kw_only=True):
    """Retained; terminals hold their orders while the hub is offline. `term` is `hub`."""

    data: HubStatusData
