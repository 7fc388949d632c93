"""What the commands of payments do."""

import argparse
from collections.abc import Sequence

from hub.base.access import Scope
from hub.base.commands import CommandError, opened
from hub.base.fields import Reason
from hub.base.fields.words import sentence
from hub.base.ground import Ground
from hub.base.words import PageWords
from hub.desk.accounts.reads import list_open
from hub.desk.invoices.commands.reaching import done
from hub.desk.parties.reads import read_distributor
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.model import read_parts
from hub.desk.payments.reads import PaymentDetail, find_payment, read_payment_record
from hub.desk.payments.words import STATES
from hub.desk.people.commands.proving import prove_user


def run_take(arguments: argparse.Namespace) -> int:
    """Take a payment."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "payments.take")
        texts = {
            "amount": arguments.amount,
            "mode": arguments.mode,
            "reference": arguments.reference,
            "collector": arguments.collector,
            "place": arguments.place,
            "paid_on": arguments.paid_on,
            "oldest": "" if arguments.on_account or arguments.part else "1",
            **_parts(ground, arguments.customer, arguments.part, scope=scope),
        }
        taken = done(
            ground.part(PaymentActs).take(
                arguments.customer,
                texts,
                key=arguments.key or ground.ids(ground.clock.now_ms()),
                by=account.name,
                scope=scope,
                anyway=arguments.anyway,
            )
        )
        tell_payment(ground, taken.payment, scope)
    return 0


def run_move(arguments: argparse.Namespace) -> int:
    """Move a cheque on."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "payments.clear")
        key = named_payment(ground, arguments.payment, scope)
        move = ground.part(PaymentActs).cheque
        done(move(key, arguments.state, why=arguments.reason, by=account.name, scope=scope))
        tell_payment(ground, key, scope)
    return 0


def run_void(arguments: argparse.Namespace) -> int:
    """Void a payment."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "payments.void")
        key = named_payment(ground, arguments.payment, scope)
        void = ground.part(PaymentActs).void
        done(void(key, why=arguments.reason, by=account.name, scope=scope))
        tell_payment(ground, key, scope)
    return 0


def run_allocate(arguments: argparse.Namespace) -> int:
    """Have a payment pay invoices."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "payments.allocate")
        key = named_payment(ground, arguments.payment, scope)
        customer = _read(ground, key, scope).row.customer_code
        faults: list[Reason] = []
        parts = read_parts(_parts(ground, customer, arguments.part, scope=scope), faults)
        if faults:
            raise CommandError("; ".join(sentence(one) for one in faults))
        allocate = ground.part(PaymentActs).allocate
        done(allocate(key, parts, oldest=not parts, by=account.name, scope=scope))
        tell_payment(ground, key, scope)
    return 0


def _parts(
    ground: Ground, customer: str, written: Sequence[str], *, scope: Scope
) -> dict[str, str]:
    """Read NUMBER=AMOUNT as the parts of a form; raises CommandError."""
    if not written:
        return {}
    with ground.database.read() as connection:
        rows = list_open(connection, customer, scope=scope)
    known = {one.number: one.id for one in rows if one.open > 0}
    parts = {}
    for one in written:
        name, equals, amount = one.partition("=")
        if not equals or name not in known:
            raise CommandError(f"{one!r} is no NUMBER=AMOUNT of an open invoice of {customer}")
        parts[f"part.{known[name]}"] = amount
    return parts


def named_payment(ground: Ground, name: str, scope: Scope) -> int:
    """Find a payment's id by its number; raises CommandError."""
    with ground.database.read() as connection:
        found = find_payment(connection, name, scope=scope)
    if found is None:
        raise CommandError(f"there is no payment {name}")
    return found


def _read(ground: Ground, key: int, scope: Scope) -> PaymentDetail:
    with ground.database.read() as connection:
        found = read_payment_record(connection, key, scope=scope)
    if found is None:
        raise CommandError(f"there is no payment {key}")
    return found


def tell_payment(ground: Ground, key: int, scope: Scope) -> None:
    """Tell a payment's number, state and amount, and what it pays."""
    found = _read(ground, key, scope)
    with ground.database.read() as connection:
        money = read_distributor(connection).money
    row = found.row
    state = PageWords().text(STATES[row.state].words)
    amount = money.figures(row.amount)
    print(f"{row.number:<16} {state:<14} {amount:>14} {money.currency}  {row.customer}")
    for one in found.paid:
        print(f"    {one.kind} {one.number} {money.figures(one.amount)}")
    if row.left:
        print(f"    on account {money.figures(row.left)}")
