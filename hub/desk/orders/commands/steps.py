"""`order place`, `amend`, `redirect`, `hold`, `fill`, `split` and `cancel`."""

import argparse
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Final, TypeVar

from hub.base.access import Permission, Scope, is_of_house
from hub.base.commands import CommandError, opened, read_reason
from hub.base.ground import Ground
from hub.base.money import number
from hub.base.words import PageWords
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.commands.listing import line_of, order_named
from hub.desk.orders.deciding import DryDecision
from hub.desk.orders.model.asked import Amendment, AskedLine, AskedOrder, WantedOn
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester
from hub.desk.orders.reads.documents import write_row
from hub.desk.orders.reads.listing import read_row
from hub.desk.orders.reads.order import read_order
from hub.desk.orders.words import hide_word, look_of, sentence
from hub.desk.people.commands.proving import prove_user
from hub.desk.people.model.accounts import Account
from rules import scaled

Done = TypeVar("Done")

_LINE: Final = re.compile(r"(?:(\d{1,6})\*)?([^@*\s]+)(?:@(\w+))?")
_OFF: Final = re.compile(r"-(\d{1,9}(?:\.\d{1,4})?)(%)?")
_OFF_SCALE: Final = 4


def run_place(arguments: argparse.Namespace) -> int:
    """Place an order, and tell what was decided."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "orders.place")
        asked = AskedOrder(
            key=arguments.key or ground.ids(ground.clock.now_ms()),
            source="staff",
            customer=arguments.customer,
            lines=read_lines(arguments.line),
            payment=arguments.payment or "credit",
            warehouse=arguments.warehouse,
            coupons=_without_blanks(arguments.coupon) or (),
            choices=dict(arguments.choice or ()),
            po_number=arguments.po,
            delivery_date=arguments.delivery_date and arguments.delivery_date.day,
            ship_to=arguments.ship_to,
        )
        acts, by = ground.part(OrderActs), Requester("user", account.name)
        if arguments.dry_run:
            dry = done(acts.foresee.place(asked, by=by, scope=scope))
            tell_dry(dry, as_json=arguments.json)
            return 0
        placed = done(acts.place(asked, by=by, scope=scope))
        tell(ground, placed.uuid, scope=scope, as_json=arguments.json)
    return 0


def run_amend(arguments: argparse.Namespace) -> int:
    """Amend an order, and tell what was decided."""
    change = amendment_of(arguments)
    with opened(arguments) as ground:
        uuid, by, scope = named(ground, arguments, "orders.amend")
        acts = ground.part(OrderActs)
        if arguments.dry_run:
            tell_dry(done(acts.foresee.amend(uuid, change, scope=scope)))
            return 0
        done(acts.amend(uuid, change, by=by.name, why=arguments.reason))
        tell(ground, uuid, scope=scope)
    return 0


def run_hold(arguments: argparse.Namespace) -> int:
    """Hold an order."""
    with opened(arguments) as ground:
        uuid, by, scope = named(ground, arguments, "orders.hold")
        done(ground.part(OrderActs).hold(uuid, by=by.name, why=arguments.reason))
        tell(ground, uuid, scope=scope)
    return 0


def run_fill(arguments: argparse.Namespace) -> int:
    """Allocate to an order what has come in of what it waits for."""
    with opened(arguments) as ground:
        uuid, by, scope = named(ground, arguments, "orders.amend")
        done(ground.part(OrderActs).fill(uuid, by=by.name))
        tell(ground, uuid, scope=scope)
    return 0


def run_split(arguments: argparse.Namespace) -> int:
    """Make of what an order waits for an order of its own, and tell of both."""
    with opened(arguments) as ground:
        uuid, by, scope = named(ground, arguments, "orders.amend")
        parts = done(ground.part(OrderActs).split(uuid, by=Requester("user", by.name)))
        for one in (uuid, parts.rest.uuid):
            tell(ground, one, scope=scope)
    return 0


def run_cancel(arguments: argparse.Namespace) -> int:
    """Cancel an order."""
    with opened(arguments) as ground:
        uuid, by, scope = named(ground, arguments, "orders.cancel")
        cancel, shops = ground.part(OrderActs).cancel, not is_of_house(by.roles)
        done(cancel(uuid, by=by.name, why=arguments.reason, of_customer=shops))
        tell(ground, uuid, scope=scope)
    return 0


def run_redirect(arguments: argparse.Namespace) -> int:
    """Send an order's goods to another address, and tell to where."""
    with opened(arguments) as ground:
        uuid, by, scope = named(ground, arguments, "orders.amend")
        redirect = ground.part(OrderActs).redirect
        done(redirect(uuid, arguments.ship_to, by=by.name, why=arguments.reason))
        tell(ground, uuid, scope=scope)
    return 0


def named(
    ground: Ground, arguments: argparse.Namespace, needed: Permission
) -> tuple[str, Account, Scope]:
    """Have somebody prove who it is, and find the order among those that this person sees."""
    account, scope = prove_user(ground, arguments, needed)
    with ground.database.read() as connection:
        return order_named(connection, arguments.order, scope=scope), account, scope


def done(outcome: Done | Refused) -> Done:
    """Give what was done; raises CommandError with why nothing was."""
    if isinstance(outcome, Refused):
        raise CommandError(sentence(outcome.reason))
    return outcome


def tell(ground: Ground, uuid: str, *, scope: Scope, as_json: bool = False) -> None:
    """Tell how an order stands, and why."""
    with ground.database.read() as connection:
        row = read_row(connection, uuid, scope=scope)
        detail = read_order(connection, uuid, scope=scope)
    if as_json:
        print(json.dumps(write_row(row)))
        return
    print(line_of(row))
    if detail is None:
        return
    for reason in map(hide_word, detail.newest.reasons):
        where = f"line {reason.line}: " if reason.line else ""
        text = sentence(reason, row.scale, names=detail.names, currency=row.currency)
        print(f"    {where}{text}")
    if detail.ship_to is not None:
        print(f"    goes to {detail.ship_to.label}")


def tell_dry(dry: DryDecision, *, as_json: bool = False) -> None:
    """Tell how an order would stand, and why; nothing was done."""
    if as_json:
        print(json.dumps(dry.document()))
        return
    one = dry.revision
    state = PageWords().text(look_of(one.status, changed=one.changed).words)
    amount = number(one.payable, one.currency, one.scale) if one.priced else "-"
    print(f"would be: {state}  {amount} {one.currency}  {len(one.lines)} lines; nothing was done")
    for reason in one.reasons:
        where = f"line {reason.line}: " if reason.line else ""
        print(f"    {where}{sentence(reason, one.scale, currency=one.currency)}")
    for near in dry.told()[1]:
        print(f"    almost: {near.text}")
    if one.credit_left is not None:
        print(f"    credit left: {number(one.credit_left, one.currency, one.scale)} {one.currency}")


def in_words(text: str) -> str:
    """Read a reason that people will read: not nothing."""
    if not text.strip():
        raise argparse.ArgumentTypeError("say why, in words")
    return read_reason(text)


def amendment_of(arguments: argparse.Namespace) -> Amendment:
    """Read what is to be different of an order; raises CommandError where nothing is."""
    change = Amendment(
        lines=read_lines(arguments.line) if arguments.line else None,
        payment=arguments.payment,
        coupons=_without_blanks(arguments.coupon),
        choices=None if arguments.choice is None else dict(arguments.choice),
        delivery=arguments.delivery_date,
    )
    if change == Amendment():
        raise CommandError(
            "say what is to be different: --line, --payment, --coupon, --choice or --delivery-date"
        )
    return change


def _without_blanks(said: Sequence[str] | None) -> tuple[str, ...] | None:
    """Give what was said several times; one blank of it says that there is to be none."""
    return None if said is None else tuple(one for one in said if one.strip())


def read_lines(written: Sequence[str]) -> tuple[AskedLine, ...]:
    """Read `TEA-250`, `2*TEA-250@CASE` or `2*TEA-250 -2.5% -1.50 #B7`; raises CommandError."""
    return tuple(map(_read_line, written))


def _read_line(written: str) -> AskedLine:
    first, *terms = written.split() or [""]
    found = _LINE.fullmatch(first)
    if found is None or found[1] == "0":
        raise CommandError(f"{written!r} is no line: write 2*TEA-250, or 2*TEA-250@CASE for packs")
    line = AskedLine(found[2], int(found[1] or 1), found[3])
    for term in terms:
        off = _OFF.fullmatch(term)
        if off is not None:
            value = scaled(off[1], _OFF_SCALE)
            line = line._replace(percent_off=value) if off[2] else line._replace(off_each=value)
        elif term.startswith("#") and len(term) > 1:
            line = line._replace(batch=term[1:])
        else:
            raise CommandError(
                f"{term!r} of {written!r} is not known: -2.5% and -1.50 are to be taken off, "
                "#B7 is a batch"
            )
    return line


def read_choice(text: str) -> tuple[str, str]:
    """Read `SCHEME=PRODUCT`, `SCHEME=take` or `SCHEME=none`."""
    scheme, _, wish = text.partition("=")
    if not (scheme.strip() and wish.strip()):
        raise argparse.ArgumentTypeError("write SCHEME=PRODUCT, SCHEME=take or SCHEME=none")
    return scheme.strip(), wish.strip()


def read_delivery(text: str) -> WantedOn:
    """Read a day such as 2026-12-01; `any` is none in particular."""
    if text == "any":
        return WantedOn(None)
    try:
        return WantedOn(date.fromisoformat(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write 2026-12-01, or any") from error
