"""`payment refund`, `release`, `write-off` and `limit`: money that goes back, or is given up."""

import argparse

from hub.base.commands import NotDoneError, add_folder, example, opened
from hub.desk.invoices.commands.reaching import done, named_invoice
from hub.desk.parties.reads import read_distributor
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.commands.steps import named_payment, tell_payment
from hub.desk.payments.model import MODES
from hub.desk.payments.reads import read_most
from hub.desk.people.commands.proving import add_by, prove_user


def add_giving(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    refund = inner.add_parser(
        "refund",
        help="give back money that pays nothing",
        epilog=example("payment refund PAY26-27/000002 50.00 --reference 4412 --by asha"),
    )
    refund.add_argument("payment", metavar="NUMBER", help="the payment's number")
    refund.add_argument("amount", metavar="AMOUNT", help="such as 50.00; no more than pays nothing")
    refund.add_argument("--mode", choices=MODES, default="bank", help="how it goes back")
    refund.add_argument("--reference", default="", help="of the transfer or UPI")
    refund.add_argument("--paid-on", default="", metavar="DAY", help="when it went back (today)")
    refund.add_argument("--note", default="", metavar="TEXT", help="why")
    refund.add_argument("--key", help="your own key: under one key, it is one refund")
    refund.set_defaults(run=run_refund)
    release = inner.add_parser(
        "release",
        help="take a payment off all it pays: it is on account from today on",
        epilog=example("payment release PAY26-27/000002 --by asha"),
    )
    release.add_argument("payment", metavar="NUMBER", help="the payment's number")
    release.set_defaults(run=run_release)
    write_off = inner.add_parser(
        "write-off",
        help="give up the small rest of an invoice",
        epilog=example("payment write-off INV26-27/000001 --reason 'paise' --by asha"),
    )
    write_off.add_argument("invoice", metavar="INVOICE", help="the invoice's number")
    write_off.add_argument("--reason", required=True, metavar="TEXT", help="why")
    write_off.set_defaults(run=run_write_off)
    limit = inner.add_parser(
        "limit",
        help="say up to which rest may be written off; without an amount, tell it",
        epilog=example("payment limit 25.00 --note 'change is short' --by asha"),
    )
    limit.add_argument("amount", metavar="AMOUNT", nargs="?")
    limit.add_argument("--note", default="", metavar="TEXT", help="why, for the history")
    limit.set_defaults(run=run_limit)
    for parser in (refund, release, write_off, limit):
        add_by(parser)
        add_folder(parser)


def run_refund(arguments: argparse.Namespace) -> int:
    """Give money back."""
    names = ("amount", "mode", "reference", "paid_on", "note")
    texts = {name: getattr(arguments, name) for name in names}
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "payments.refund")
        given = done(
            ground.part(PaymentActs).refund(
                named_payment(ground, arguments.payment, scope),
                texts,
                key=arguments.key or ground.ids(ground.clock.now_ms()),
                by=account.name,
                scope=scope,
            )
        )
        tell_payment(ground, given.payment, scope)
    return 0


def run_release(arguments: argparse.Namespace) -> int:
    """Take a payment off all it pays."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "payments.allocate")
        key = named_payment(ground, arguments.payment, scope)
        done(ground.part(PaymentActs).allocate.release(key, by=account.name, scope=scope))
        tell_payment(ground, key, scope)
    return 0


def run_write_off(arguments: argparse.Namespace) -> int:
    """Give up the small rest of an invoice."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "payments.write_off")
        with ground.database.read() as connection:
            key = named_invoice(connection, arguments.invoice, scope=scope)
        act = ground.part(PaymentActs).write_off
        taken = done(act(key, why=arguments.reason, by=account.name, scope=scope))
        tell_payment(ground, taken.payment, scope)
    return 0


def run_limit(arguments: argparse.Namespace) -> int:
    """Set up to which rest may be written off, and tell it."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "payments.limit")
        if arguments.amount is not None:
            act = ground.part(PaymentActs).write_off.set_limit
            wrong = act(arguments.amount, why=arguments.note, by=account.name)
            if wrong is not None:
                raise NotDoneError(wrong)
        with ground.database.read() as connection:
            most = read_most(connection, scope=scope)
            money = read_distributor(connection).money
    print(f"a rest of an invoice is written off up to {money.write(most)}")
    return 0
