"""An order while it is entered: what was typed so far, and what it would come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields.words import sentence as cell_sentence
from hub.base.words import PageWords, grouped
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.deciding import DryDecision
from hub.desk.orders.model.asked import Amendment, AskedOrder, WantedOn
from hub.desk.orders.model.basket import (
    BasketRow,
    NotTaken,
    add_rows,
    fault_of_discount,
    fault_of_quantity,
    is_unusual,
    lines_of,
    usual_of,
)
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Requester
from hub.desk.orders.pages.entry_batches import offered_batches
from hub.desk.orders.pages.entry_fields import (
    Values,
    choices_of,
    coupons_of,
    day_of,
    payment_of,
    read_rows,
    seen_in,
    source_of,
    write_rows,
)
from hub.desk.orders.pages.entry_lines import (
    OpenRow,
    ShownRow,
    count_told,
    join_lines,
    lines_by_row,
    name_taken,
    near_by_line,
    split_lines,
)
from hub.desk.orders.pages.entry_shops import (
    SHORT,
    hint_of,
    key_of,
    scheme_words,
    warehouse_of,
)
from hub.desk.orders.reads import entry as reads
from hub.desk.orders.reads.order import Line, OrderDetail
from hub.desk.orders.reads.steps import Step
from hub.desk.orders.words import sentence, tell_reason
from hub.desk.parties.model.cells import CellError, digits_of
from hub.desk.parties.reads.addresses import list_addresses
from hub.desk.parties.reads.customers import CustomerRow, find_customers, find_meant
from hub.desk.parties.words import look_of
from hub.desk.products.model.typed import Known, codes_in, write_taken
from hub.desk.products.reads.typed import find_codes, find_in_rows, find_likely, read_known
from hub.web.frames.forms import Checked
from hub.web.site import Site

KEPT: Final = (
    *("customer", "warehouse", "payment", "po_number", "ship_to", "coupons", "delivery_date"),
    *("gift", "wish", "add", "open", "seen", "why"),
)
"""Fields that stay as they were typed; the rows of the order stand in fields of their own."""
SHOWN: Final = "shown"
"""The field that says which decision the person has seen: only that one is confirmed."""
_OF_DAY: Final = frozenset({"delivery_past", "delivery_far"})
"""Refusals that are shown at the day on which the goods are wanted."""
_MOST_SHOWN: Final = 30
_MOST_SUGGESTED: Final = 5
_MOST_FOUND: Final = 8
_RECENT_MS: Final = 10 * 60_000
_ROUNDED: Final = frozenset({"quantity_rounded"})
_SCHEMES: Final = ("line_schemes", "basket_schemes", "order_schemes", "free_goods")


@dataclass(frozen=True, slots=True)
class Entering:
    """Who enters an order, on which hub, in which words; `amended` is the order that is changed.

    `only` is the customer of a person who orders for no other.
    """

    site: Site
    session: Session
    words: PageWords
    acts: OrderActs
    key: str
    sending: bool
    sure: str = ""
    amended: OrderDetail | None = None
    only: str = ""

    # --- what was pressed ----------------------------------------------------------------------

    def enter(self, given: Values) -> dict[str, str]:
        """Take what was typed, scanned, pasted or pressed into the fields of the order."""
        rows = _without(self._own_rows(given), given)
        texts, kept = self._texts(given)
        values = {name: given.get(name, "") for name in KEPT} | kept
        with self.site.ground.database.read() as connection:
            if uuid := given.get("repeat", ""):
                past = reads.rows_of_order(connection, uuid, scope=self.session.scope)
                rows = tuple(one.plain for one in past)
            if chosen := given.get("choose", "").strip():
                values["customer"] = self._choose(connection, chosen)
            values["customer"] = self.only or values["customer"]
            if texts:
                known = find_in_rows(connection, texts, scope=self.session.scope)
                rows, refused = add_rows(rows, texts, known=known)
                values["open"] = join_lines([values["open"], *(one.text for one in refused)])
        return {**values, **write_rows(rows), SHOWN: given.get(SHOWN, "")}

    def _own_rows(self, given: Values) -> tuple[BasketRow, ...]:
        """Read the rows; what is to be taken off is for staff to ask, in what is amended too."""
        rows = read_rows(given)
        return rows if self.session.is_staff or self.amended else tuple(one.plain for one in rows)

    def _texts(self, given: Values) -> tuple[list[str], dict[str, str]]:
        """Give the rows that are to be taken now, and what then stands in the fields."""
        texts = [*split_lines(given.get("adding", "")), *split_lines(given.get("pick", ""))]
        kept: dict[str, str] = {}
        step, typed = given.get("form_step", ""), given.get("add", "")
        if given.get("pick"):
            kept["add"] = ""
        elif "\n" in typed.strip() or step == "check" or self.sending:
            texts += split_lines(typed)
            kept["add"] = ""
        if step == "again":
            texts += split_lines(given.get("open", ""))
        if step in {"again", "forget"}:
            kept["open"] = ""
        return texts, kept

    def _choose(self, connection: Connection, text: str) -> str:
        found = find_customers(connection, text, most=2, scope=self.session.scope)
        return found[0].code if _is_one(found, text) else text

    # --- what it comes to ----------------------------------------------------------------------

    def check(self, values: Values) -> Checked[AskedOrder | Amendment]:
        """Say what the order would come to, and what is in the way of confirming it."""
        rows = read_rows(values)
        with self.site.ground.database.read() as connection:
            shown = self._read(connection, values, rows)
            known = cast("Mapping[str, Known]", shown.pop("known"))
            faults = self._faults(rows, known)
            customer = cast("CustomerRow | None", shown["customer"])
            code = (
                self.amended.head.customer_code if self.amended else getattr(customer, "code", "")
            )
            ready = bool(rows and code) and not faults and not _fault_of_day(values)
            doubts = self._doubts(connection, code, rows, known=known) if ready else {}
        dry = self._foresee(values, customer, rows) if ready else None
        decided = dry if isinstance(dry, DryDecision) else None
        with self.site.ground.database.read() as connection:
            shown["batches"] = offered_batches(connection, self.session, dry=decided, rows=rows)
        shown |= self._decided(decided, rows, faults=faults, known=known)
        errors = self._errors(values, rows, customer=customer, faults=faults)
        if self.sending and self.amended and decided and not decided.changes:
            errors[""] = self.words.text("entry.no_change")
        if isinstance(dry, Refused):
            place = "delivery_date" if dry.reason.code in _OF_DAY else ""
            errors[place] = self._sentence(dry.reason)
        mark = mark_of(decided) if decided else ""
        seen = bool(mark) and values.get(SHOWN) == mark
        shown |= {
            "decision": mark,
            "look": self.sending and not seen and not errors,
            "wishes": self._other_wishes(values, decided),
            "amended": self.amended,
            "only": self.only,
            "form_sure": split_lines(self.sure),
        }
        value = self._value(values, customer, rows) if seen else None
        return Checked(value, errors=errors, doubts=doubts, shown=shown)

    def _read(
        self, connection: Connection, values: Values, rows: Sequence[BasketRow]
    ) -> dict[str, object]:
        scope, text = self.session.scope, values.get("customer", "").strip()
        text = "" if self.amended else text
        customer, found = find_meant(connection, text, most=_MOST_FOUND, scope=scope)
        add, left = values.get("add", "").strip(), split_lines(values.get("open", ""))
        return {
            "customer": customer,
            "customer_look": look_of(customer.status, pending=customer.pending)
            if customer
            else None,
            "customers": found,
            "places": list_addresses(connection, customer.code, scope=scope) if customer else (),
            "standing": reads.read_standing(connection, customer.code, scope=scope)
            if customer
            else None,
            "last": reads.last_order_of(connection, customer.code, scope=scope)
            if customer and not rows
            else None,
            "known": read_known(connection, {one.sku for one in rows}, scope=scope),
            "found": self._suggested(connection, add) if add else (),
            "open_rows": self._open(connection, left[:_MOST_SHOWN], rows),
            "open_count": len(left),
        }

    def _suggested(self, connection: Connection, text: str) -> tuple[tuple[str, Known], ...]:
        """Find products that may be meant by what is typed, each as it would be taken."""
        found = find_likely(connection, text, most=_MOST_FOUND, scope=self.session.scope)[
            :_MOST_FOUND
        ]
        return tuple((write_taken(way, one), one) for way, one in found)

    def _open(
        self, connection: Connection, texts: Sequence[str], rows: Sequence[BasketRow]
    ) -> tuple[OpenRow, ...]:
        """Say of each row that was not taken why, and what may be meant by the first of them."""
        known = find_codes(connection, codes_in(texts), scope=self.session.scope)
        _, refused = add_rows(rows, texts, known=known)
        why = {one.text: one for one in refused}
        meant = {one.text: self._meant(connection, one) for one in refused[:_MOST_SUGGESTED]}
        return tuple(
            OpenRow(
                " ".join(text.split("\t")),
                self._why_open(why.get(text), chosen := meant.get(text, ())),
                chosen,
            )
            for text in texts
        )

    def _why_open(self, one: NotTaken | None, meant: Sequence[object]) -> str:
        if one is None:
            return self.words.text("entry.known")
        return self.words.text("entry.choose") if meant else self._sentence(one.why)

    def _meant(self, connection: Connection, one: NotTaken) -> tuple[tuple[str, str], ...]:
        if not _is_unknown(one):
            return ()
        return tuple(
            (taken, name_taken(taken, known))
            for taken, known in self._suggested(connection, one.text)[:3]
        )

    def _faults(self, rows: Sequence[BasketRow], known: Mapping[str, Known]) -> dict[int, str]:
        found = {
            place: fault_of_quantity(row, known.get(row.sku))
            or fault_of_discount(row, known.get(row.sku))
            for place, row in enumerate(rows)
        }
        return {place: self._sentence(one) for place, one in found.items() if one}

    def _errors(
        self,
        values: Values,
        rows: Sequence[BasketRow],
        *,
        customer: CustomerRow | None,
        faults: Mapping[int, str],
    ) -> dict[str, str]:
        """Say what is in the way; what is only missing is said once somebody confirms."""
        errors: dict[str, str] = {}
        if faults:
            errors["quantity"] = self.words.text("entry.rows_wrong")
        if fault := _fault_of_day(values):
            errors["delivery_date"] = cell_sentence(fault.reason, language=self.words.language)
        if not self.sending:
            return errors
        if customer is None and self.amended is None:
            errors["customer"] = self.words.text("entry.which_customer")
        if split_lines(values.get("open", "")):
            errors["open"] = self.words.text("entry.rows_open")
        elif not rows:
            errors["add"] = self.words.text("entry.no_rows")
        return errors

    def _doubts(
        self,
        connection: Connection,
        customer: str,
        rows: Sequence[BasketRow],
        *,
        known: Mapping[str, Known],
    ) -> dict[str, str]:
        """Ask once what is unusual: many times the usual quantity, or the same order again."""
        said: dict[str, str] = {}
        scope = self.session.scope
        past = reads.past_quantities(connection, customer, set(known), scope=scope)
        unusual = [
            self.words.text(
                "entry.unusual",
                product=known[row.sku].name,
                count=grouped(count),
                usual=grouped(usual_of(past[row.sku])),
            )
            for row in rows
            if row.sku in known
            and is_unusual(count := _pieces(row, known[row.sku]), past.get(row.sku, ()))
        ]
        if unusual:
            said["quantity"] = " ".join(unusual)
        if self.amended is not None:
            return said
        since = self.site.now_ms() - _RECENT_MS
        plain = [one._replace(quantity=digits_of(one.quantity).lstrip("0")) for one in rows]
        alike = reads.find_alike(connection, customer, rows=plain, since=since, scope=scope)
        if alike:
            said["sku"] = self.words.text("entry.alike", number=alike.number)
        return said

    def _foresee(
        self, values: Values, customer: CustomerRow | None, rows: Sequence[BasketRow]
    ) -> DryDecision | Refused:
        foresee, scope = self.acts.foresee, self.session.scope
        if self.amended is not None:
            change = self._amendment(values, rows)
            uuid, seen = self.amended.head.uuid, seen_in(values)
            return foresee.amend(uuid, change, scope=scope, seen=seen)
        asked = self._asked(values, customer.code if customer else "", rows)
        return foresee.place(asked, by=self.requester, scope=scope)

    def _value(
        self, values: Values, customer: CustomerRow | None, rows: Sequence[BasketRow]
    ) -> AskedOrder | Amendment:
        if self.amended is not None:
            return self._amendment(values, rows)
        return self._asked(values, customer.code if customer else "", rows)

    def _asked(self, values: Values, customer: str, rows: Sequence[BasketRow]) -> AskedOrder:
        return AskedOrder(
            key=key_of(self.session, self.key),
            source=source_of(self.session.roles),
            customer=customer,
            lines=lines_of(rows),
            payment=payment_of(values),
            warehouse=self._warehouse(values.get("warehouse", "")),
            po_number=values.get("po_number", "").strip(),
            coupons=coupons_of(values),
            choices=choices_of(values),
            delivery_date=day_of(values),
            ship_to=values.get("ship_to", "").strip(),
        )

    def _amendment(self, values: Values, rows: Sequence[BasketRow]) -> Amendment:
        return Amendment(
            lines=lines_of(rows),
            payment=payment_of(values),
            coupons=coupons_of(values),
            choices=choices_of(values),
            delivery=WantedOn(day_of(values)),
        )

    def _warehouse(self, asked: str) -> str:
        if not asked:
            return ""
        with self.site.ground.database.read() as connection:
            return warehouse_of(connection, self.session, asked)

    @property
    def requester(self) -> Requester:
        """Name who asks for the order."""
        return Requester("user", self.session.user)

    def _sentence(self, reason: Reason) -> str:
        return sentence(reason, language=self.words.language)

    def _told(self, reason: Reason, dry: DryDecision) -> str:
        """Say why a line or an order is not as asked: to a shop without the stock."""
        now, staff = dry.revision, self.session.is_staff
        return tell_reason(reason, now.scale, self.words, staff=staff, currency=now.currency)

    def _other_wishes(self, values: Values, dry: DryDecision | None) -> list[tuple[str, str]]:
        """Give what is wished of gifts that the order does not earn by now: it may again."""
        shown = {one.rule for one in dry.gifts} if dry else set()
        return [(rule, wish) for rule, wish in choices_of(values).items() if rule not in shown]

    # --- what the page shows of it -------------------------------------------------------------

    def _decided(
        self,
        dry: DryDecision | None,
        rows: Sequence[BasketRow],
        *,
        faults: Mapping[int, str],
        known: Mapping[str, Known],
    ) -> dict[str, object]:
        steps, near = dry.told(self.words.language) if dry else ((), ())
        lines = lines_by_row(dry, rows)
        shown = [
            ShownRow(
                place,
                row,
                known.get(row.sku),
                faults.get(place, ""),
                line,
                dry.stock.get(row.sku) if dry and self.session.is_staff else None,
                self._hint(line, dry),
                self._said(line, steps, dry),
            )
            for place, (row, line) in enumerate(zip(rows, lines, strict=True))
        ]
        return {
            "rows": shown,
            "dry": dry,
            "near": near_by_line(near),
            "reasons": self._whole_reasons(dry),
            "changes": [self._sentence(one) for one in dry.changes] if dry else [],
            "coupon_notes": [one.text for one in steps if one.stage == "coupons"],
            "gifts": dry.gifts if dry else (),
            "gift_words": dry.gift_words(self.words.language) if dry else {},
            "rounded": count_told(lines, _ROUNDED),
            "short": count_told(lines, SHORT),
        }

    def _hint(self, line: Line | None, dry: DryDecision | None) -> str:
        if self.session.is_staff or line is None or dry is None:
            return ""
        return hint_of(line, dry.stock.get(line.sku), self.words)

    def _said(
        self, line: Line | None, steps: Sequence[Step], dry: DryDecision | None
    ) -> tuple[str, ...]:
        """Say of a line what is otherwise than asked for, and which schemes gave something."""
        if line is None or dry is None:
            return ()
        now, staff = dry.revision, self.session.is_staff
        reasons = [self._told(one, dry) for one in line.reasons]
        given = [
            scheme_words(one, self.words, now, plain=staff or one.rule in dry.texts)
            for one in steps
            if one.line == line.number and one.stage in _SCHEMES and one.rule and one.amount
        ]
        return tuple(dict.fromkeys((*reasons, *given)))

    def _whole_reasons(self, dry: DryDecision | None) -> list[str]:
        if dry is None:
            return []
        told = [one for one in dry.revision.reasons if one.line is None and one not in dry.changes]
        return [self._told(one, dry) for one in told]


def mark_of(dry: DryDecision) -> str:
    """Name a decision, so that what is confirmed is what was seen: its state, content and total."""
    return f"{dry.revision.status} {dry.revision.content_hash}"


def _is_unknown(one: NotTaken) -> bool:
    return one.why.code == "row_unknown"


def _fault_of_day(values: Values) -> CellError | None:
    try:
        day_of(values)
    except CellError as error:
        return error
    return None


def _without(rows: Sequence[BasketRow], given: Values) -> tuple[BasketRow, ...]:
    dropped = {
        int(one) for one in split_lines(given.get("drop", "")) if one.isascii() and one.isdigit()
    }
    return tuple(row for place, row in enumerate(rows) if place not in dropped)


def _is_one(found: Sequence[CustomerRow], text: str) -> bool:
    """Say whether the first customer found is the one that is meant."""
    return len(found) == 1 or bool(found and found[0].code.casefold() == text.casefold())


def _pieces(row: BasketRow, known: Known) -> int:
    """Count a row in base units."""
    return int(digits_of(row.quantity)) * known.pack_sizes.get(row.unit, 1)
