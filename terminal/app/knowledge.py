"""What the terminal knows from the hub: whom it serves, what is sold, by which rules, what time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from broker.contract.cards import OperatorCard, cards_hash
from broker.contract.facts import (
    USUAL_NOTICES,
    CustomerFacts,
    counter_hash,
    facts_hash,
    leases_hash,
)
from broker.contract.messages import USUAL_QUANTITY, ConfigData, OrderLine, Payment
from broker.contract.parts import ConfigJoiner
from rules import Product
from terminal.app.packs import Packs
from terminal.core.cards import payments_for, served_by
from terminal.core.clocks import (
    HubTime,
    Moment,
    business_date,
    correct,
    is_behind,
    is_possible,
    learn,
    local,
    moment,
)
from terminal.core.codes import (
    Measure,
    OtherRead,
    ProductRead,
    counted,
    is_gram,
    read_own,
    uncounted,
)
from terminal.core.goods import PriceCheck, check_price
from terminal.core.order import (
    Bounds,
    CodeUnknown,
    CustomerChosen,
    Event,
    Line,
    OpenOrder,
    ProductScanned,
)
from terminal.core.ports import Clock
from terminal.core.pricing import Priced, PriceFacts, choices_of, counters_of, price
from terminal.core.slip import Heading
from terminal.core.text import clean
from terminal.core.words import Voice
from terminal.store import Store
from terminal.store.catalogue import Found

_LONGEST_NAME: Final = 200
_NEWS_MS: Final = 5_000
_HEARD_MS: Final = 3_600_000
_UNCOUNTED: Final = "0" * 64
"""Told in place of the leases' hash: the hub has answered orders that they do not count yet."""


@dataclass(frozen=True, slots=True)
class Hashes:
    """What is in use, by hash, as told to the hub; None for what is missing."""

    catalogue: str | None
    pack: str | None
    facts: str | None
    leases: str
    pack_version: int | None
    counter: str | None
    cards: str | None


class Sold(NamedTuple):
    """What a code stands for, and how much of it the code says there is."""

    found: Found
    measure: Measure | None = None


class Knowledge:
    """Keeps the hub's word; a new catalogue or pack is taken up between two orders only."""

    def __init__(self, store: Store, clock: Clock, terminal: str, *, voice: Voice) -> None:
        self._voice = voice
        self._store = store
        self._clock = clock
        self._terminal = terminal
        self._hub_time = self._kept_time = store.hub_time()
        self._config = store.config()
        self._joiner = ConfigJoiner()
        self._next_catalogue: str | None = None
        self._uncounted = True
        self.packs = Packs(store)

    @property
    def config(self) -> ConfigData | None:
        """The hub's settings, None before the first."""
        return self._config

    @property
    def voice(self) -> Voice:
        """Give the words of this terminal, with what the pack in use calls its rules."""
        pack = self.packs.active
        return replace(self._voice, names=pack.names(self._voice.language)) if pack else self._voice

    @property
    def has_catalogue(self) -> bool:
        """Tell whether there is anything to look codes up in."""
        return self._store.catalogue() is not None

    @property
    def zone(self) -> tzinfo:
        """The distributor's zone; UTC where the machine does not know it."""
        if self._config is None:
            return UTC
        try:
            return ZoneInfo(self._config.timezone)
        except (KeyError, ValueError, OSError):
            return UTC

    @property
    def currency(self) -> str:
        """The rule pack's currency, empty where there is none yet."""
        return self.packs.active.currency if self.packs.active else ""

    def payments_for(self, customer: str) -> tuple[Payment, ...]:
        """Give the ways to pay of a customer's orders, the usual one first."""
        return payments_for(self._config, customer)

    def payment_of(self, order: OpenOrder) -> Payment:
        """Tell how an order is paid: as somebody chose, else as usual here."""
        return order.payment or self.payments_for(order.customer)[0]

    def customer_of(self, code: str) -> CustomerFacts | None:
        """Give what is known of a customer that is served here; an empty code is the own one."""
        served = served_by(self._config, code) if self._config else None
        return served.facts if served else None

    def customer_card(self, customer: str) -> CustomerChosen | None:
        """Give what a customer's card does here; None where this counter does not serve it.

        Codes are written large on cards, and some scanners send small letters.
        """
        config = self._config
        if config is None:
            return None
        own = config.customer
        for facts in (own, *(one.facts for one in config.customers)):
            if facts.id.upper() == customer.upper():
                code = "" if facts is own else facts.id
                return CustomerChosen(code, f"{clean(facts.name, 200)} ({facts.id})")
        return None

    def operator_card(self, card: str) -> OperatorCard | None:
        """Find an operator of this counter by the card."""
        operators = self._config.operators if self._config else ()
        return next((one for one in operators if one.card.upper() == card.upper()), None)

    @property
    def needs_operator(self) -> bool:
        """Tell whether every order needs somebody who is signed in."""
        return self._config is not None and self._config.operator_needed

    @property
    def notices(self) -> str:
        """Tell which notices print by themselves."""
        return self._config.notices if self._config else USUAL_NOTICES

    @property
    def bounds(self) -> Bounds:
        """Up to where quantities and sums are not asked for once more."""
        config = self._config
        return Bounds(config.ask_quantity, config.ask_amount) if config else Bounds(USUAL_QUANTITY)

    def most_of(self, line: Line) -> int:
        """Give up to which count of a line nothing is asked; what is counted in grams, in kg."""
        product = None if line.unit else self.product(line.sku)
        grams = product is not None and is_gram(product.base_unit)
        return self.bounds.quantity * (1_000 if grams else 1)

    def hub(self) -> str:
        """Give the address of the hub, as it told it; empty before that."""
        return self.config.http if self.config else ""

    def hashes(self) -> Hashes:
        """Tell what is in use."""
        return Hashes(
            catalogue=self._store.catalogue_hash() if self.has_catalogue else None,
            pack=self.packs.active.hash if self.packs.active else None,
            facts=facts_hash(self._config.customer) if self._config else None,
            leases=self._leases_hash(),
            pack_version=self.packs.active.version if self.packs.active else None,
            counter=self._counter_hash(),
            cards=self._cards_hash(),
        )

    def _cards_hash(self) -> str | None:
        config = self._config
        if config is None:
            return None
        return cards_hash(config.operators, config.customers, needed=config.operator_needed)

    def _counter_hash(self) -> str | None:
        config = self._config
        if config is None:
            return None
        return counter_hash(
            config.payments,
            ask_quantity=config.ask_quantity,
            ask_amount=config.ask_amount,
            notices=config.notices,
        )

    def _leases_hash(self) -> str:
        if self._uncounted or self._config is None:
            return _UNCOUNTED
        return leases_hash(self._config.leases, self._config.counters)

    def now(self) -> Moment:
        """Tell the time."""
        clock = self._clock
        return moment(
            self._hub_time,
            clock.wall_ms(),
            mono_ms=clock.mono_ms(),
            machine_boot=clock.machine_boot(),
        )

    def heading(self, customer: str = "", operator: str = "") -> Heading:
        """Give what every slip says; of an order that another customer placed, or an operator."""
        now = self.now()
        config = self._config
        served = served_by(config, customer) if config else None
        facts = served.facts if served else None
        return Heading(
            distributor=config.distributor if config else "",
            support=config.support if config else "",
            customer=f"{facts.name} ({facts.id})" if facts else customer,
            terminal=self._terminal,
            made_at=self.voice.moment(local(now.at_ms, self.zone)),
            clock_set=now.trusted,
            language=self.voice.language,
            names=self.voice.names,
            operator=operator,
            hub=self.hub(),
            gstin=config.gstin if config else "",
            customer_gstin=served.gstin if served else "",
        )

    def find(self, read: ProductRead | OtherRead) -> list[Sold]:
        """Look a code up in the catalogue; more than one where it can stand for several products.

        A code that is in the catalogue as it is needs no table of own prefixes.
        """
        catalogue = self._store.catalogue()
        if catalogue is None:
            return []
        if isinstance(read, OtherRead):
            product = catalogue.get(read.code) or catalogue.get(read.code.upper())
            return [Sold(Found(product))] if product else []
        numbers = [gtin for gtin in (read.gtin, read.instead) if gtin]
        found = [Sold(one, read.measure) for gtin in numbers if (one := catalogue.by_gtin(gtin))]
        if found:
            return found
        own = read_own(read.gtin, catalogue.own_prefixes)
        article = catalogue.by_gtin(own[0]) if own else None
        return [Sold(article, own[1])] if own and article else []

    def product(self, sku: str) -> Product | None:
        """Find a product of an order."""
        return self._store.products().get(sku)

    def line_of(self, line: OrderLine, name: str) -> Line:
        """Give a line of a stored order as it was at the counter."""
        product = self.product(line.sku) if line.unit else None
        size = product.pack_sizes.get(line.unit or "", 0) if product else 0
        return Line(
            line.line,
            line.sku,
            name,
            line.qty,
            unit=line.unit or "",
            size=size or 1,
            batch=line.batch or "",
        )

    def choices(self, wishes: Sequence[str]) -> dict[str, str]:
        """Give what schemes that leave a choice shall give; nothing where there is no pack."""
        return choices_of(self.packs.active, wishes) if self.packs.active else {}

    def price(
        self,
        order_id: str,
        lines: Sequence[Line],
        *,
        coupons: Sequence[str],
        choices: Mapping[str, str],
        payment: Payment,
        customer: str = "",
        before: int | None = None,
    ) -> Priced | None:
        """Price an order; None where the terminal has no rules or does not know the customer.

        A submitted one is priced as if it and those after it were not there: `before` is its
        sequence. An empty `customer` is the counter's own.
        """
        store, pack, config = self._store, self.packs.active, self._config
        whose = self.customer_of(customer)
        if pack is None or config is None or whose is None or not lines:
            return None
        now = self.now()
        # Without the hub's time it is at least as late as when it counted, and since the start.
        counted_ms = config.counted_at if is_possible(config.counted_at) else 0
        at_ms = now.at_ms if now.trusted else max(now.at_ms, counted_ms + now.mono_ms)
        day = business_date(at_ms, self.zone)
        spent = store.orders.spent(config.counted_to, before=before)
        facts = PriceFacts(
            whose,
            store.catalogue_hash(),
            products=store.products(),
            pack=pack,
            counters=counters_of(config, pack, spent, day=day, now_ms=at_ms),
        )
        return price(
            order_id,
            lines,
            day=day,
            facts=facts,
            voice=self.voice,
            coupons=coupons,
            choices=choices,
            payment=payment,
        )

    def check_price(self, product: Product, customer: str = "") -> PriceCheck:
        """Price a product by the piece and by the pack, as if nothing else were ordered."""
        payment = self.payments_for(customer)[0]

        def priced(line: Line) -> Priced | None:
            return self.price(
                "", [line], coupons=(), choices={}, payment=payment, customer=customer
            )

        return check_price(product, priced)

    def learn_time(self, hub_at_ms: int, *, is_fresh: bool = False) -> None:
        """Take the time of a message of the hub; a fresh one was made just now."""
        clock = self._clock
        take = correct if is_fresh else learn
        known = take(
            self._hub_time,
            hub_at_ms,
            mono_ms=clock.mono_ms(),
            machine_boot=clock.machine_boot(),
        )
        self._hub_time = known
        if known is not None and (is_fresh or _is_news(known, self._kept_time)):
            self._store.keep_hub_time(known)
            self._kept_time = known

    def doubt_time(self, answered_ms: int, submitted_ms: int) -> bool:
        """Ask for a config, which corrects the time, where an answer is older than its order."""
        doubtful = is_behind(self._hub_time, answered_ms, submitted_ms)
        self._uncounted = self._uncounted or doubtful
        return doubtful

    def learn_config(self, said: ConfigData) -> None:
        """Take new settings of the hub; where they come in parts, with the last of them."""
        config = self._joiner.take(said)
        if config is None:
            return
        self._store.number_above(config.numbered_to)
        self._store.keep_config(config)
        self._config = config
        self._uncounted = False
        self.packs.want(config.pack.hash)

    def order_answered(self, seq: int) -> None:
        """Ask for new leases with the next status, where the order used of schemes."""
        self._uncounted = self._uncounted or self._store.orders.uses_schemes(seq)

    def offer_catalogue(self, digest: str) -> None:
        """Have a catalogue that was built taken up at the next order boundary."""
        self._next_catalogue = digest

    def between_orders(self) -> bool:
        """Take up what was offered; the caller says that no order is open. True where it changed.

        An order is priced by one pack from its first scan to its last.
        """
        changed = False
        if self._next_catalogue is not None:
            self._store.swap_catalogue(self._next_catalogue)
            self._next_catalogue = None
            changed = True
        now = self.now()
        today = business_date(now.at_ms, self.zone) if now.trusted else None
        return self.packs.take_up(today) or changed


def scanned(sold: Sold, read: ProductRead | OtherRead, *, order_id: str) -> Event:
    """Count a scan in base units: one code on a case brings the whole case.

    `order_id` is that of the order that a first scan begins.
    """
    product, unit = sold.found
    size = product.pack_sizes.get(unit, 1)
    name = clean(product.name, _LONGEST_NAME)
    count, batch, unclear = 1, "", False
    if isinstance(read, ProductRead):
        count, batch, unclear = read.quantity, read.batch, read.batch_unclear
    if sold.measure is not None:
        measured = counted(sold.measure, product.base_unit)
        if measured is None:
            return CodeUnknown(uncounted(sold.measure, name, clean(product.base_unit, 32)))
        count *= measured
    return ProductScanned(
        product.sku,
        name,
        order_id,
        count * size,
        unit=unit,
        size=size,
        batch=batch,
        note=_unused(sold, unclear=unclear),
    )


def _unused(sold: Sold, *, unclear: bool) -> str:
    """Name the message that says what of a code was not used; empty where all of it was."""
    if sold.measure is not None and sold.measure.kind == "price":
        return "code.price_unused"
    return "code.batch_unclear" if unclear else ""


def _is_news(known: HubTime, before: HubTime | None) -> bool:
    """Tell whether a time is worth a commit: another run of the machine, seconds off, an hour on.

    What is kept is what a machine without a clock starts from: its day is never before it.
    """
    if before is None or known.machine_boot != before.machine_boot:
        return True
    if known.heard_ms - before.heard_ms >= _HEARD_MS:
        return True
    return abs(known.offset_ms - before.offset_ms) >= _NEWS_MS
