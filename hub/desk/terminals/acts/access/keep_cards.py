"""Keep the cards that a counter takes: operators with their PINs, and other customers."""

import os
import secrets
from dataclasses import dataclass
from typing import Final

from broker.contract import MAX_OPERATORS, MAX_SERVED, is_pin, pin_line
from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.terminals.model.cards import CardError, NewOperator, card_of, read_name
from hub.desk.terminals.store import counters

_PINS: Final = 10_000
_SALT_BYTES: Final = 16


@dataclass(slots=True)
class KeepCards:
    """The acts, with what they need. Terminals hear of each within half a minute."""

    transactions: Transactions
    clock: Clock

    def add_operator(self, terminal: str, *, name: str, pin: str, by: Actor) -> NewOperator:
        """Add an operator of a terminal's customer; without a PIN one of four digits is drawn.

        The PIN is given this once: it is not kept. Raises CardError.
        """
        name, pin = read_name(name), _pin(pin)
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            counter = _counter(t, terminal, by)
            if counters.count_operators(t, counter.customer) >= MAX_OPERATORS:
                raise CardError("operators_most", str(MAX_OPERATORS))
            card = card_of(name, counters.next_operator(t))
            counters.add_operator(
                t, counter.customer, card=card, name=name, pin=pin_line(pin, _salt())
            )
            t.changed("terminals")
            t.commit()
        return NewOperator(card, name, pin)

    def new_pin(self, terminal: str, card: str, *, pin: str, why: str, by: Actor) -> NewOperator:
        """Give an operator another PIN; raises CardError."""
        pin = _pin(pin)
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            name = _operator(t, terminal, card, by=by)
            counters.set_pin(t, card, pin_line(pin, _salt()), why=why)
            t.changed("terminals")
            t.commit()
        return NewOperator(card, name, pin)

    def end_operator(self, terminal: str, card: str, *, why: str, by: Actor) -> None:
        """Take an operator off the list; raises CardError."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            _operator(t, terminal, card, by=by)
            counters.end_operator(t, card, why=why)
            t.changed("terminals")
            t.commit()

    def need_operator(self, terminal: str, *, needed: bool | None, why: str, by: Actor) -> None:
        """Say whether every order of a counter needs an operator; None leaves it to its group.

        Raises CardError.
        """
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            counter = _counter(t, terminal, by)
            if needed != counter.operator_needed:
                counters.need_operator(
                    t, terminal, before=counter.operator_needed, after=needed, why=why
                )
                t.changed("terminals")
            t.commit()

    def serve(self, terminal: str, customer: str, *, why: str, by: Actor) -> None:
        """Have a terminal order for one more customer, by that customer's card; raises CardError.

        Whoever sees only rows of their own names only customers that they see.
        """
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            counter = _counter(t, terminal, by)
            party = counters.customer_in(t, customer, scope=by.scope)
            served = counters.served_in(t, terminal)
            if party is None:
                raise CardError("customer_unknown", customer)
            if party == counter.customer:
                raise CardError("customer_own", customer)
            if party in served:
                raise CardError("customer_there", customer)
            if len(served) >= MAX_SERVED:
                raise CardError("customers_most", str(MAX_SERVED))
            counters.serve_customer(t, terminal, party, code=customer, why=why)
            t.changed("terminals")
            t.commit()

    def serve_no_more(self, terminal: str, customer: str, *, why: str, by: Actor) -> None:
        """Have a terminal order for a customer no more; raises CardError."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            _counter(t, terminal, by)
            party = counters.customer_in(t, customer, scope=by.scope)
            if party is None or party not in counters.served_in(t, terminal):
                raise CardError("customer_not_there", customer)
            counters.serve_no_more(t, terminal, party, code=customer, why=why)
            t.changed("terminals")
            t.commit()


def _counter(t: Transaction, terminal: str, by: Actor) -> counters.CounterTerminal:
    found = counters.counter_in(t, terminal, scope=by.scope)
    if found is None:
        raise CardError("terminal_unknown", terminal)
    return found


def _operator(t: Transaction, terminal: str, card: str, *, by: Actor) -> str:
    """Give the name of an operator of a terminal's customer."""
    name = counters.operator_name(t, _counter(t, terminal, by).customer, card)
    if name is None:
        raise CardError("operator_unknown", card)
    return name


def _pin(written: str) -> str:
    pin = written.strip() or f"{secrets.randbelow(_PINS):04}"
    if not is_pin(pin):
        raise CardError("operator_pin_invalid")
    return pin


def _salt() -> bytes:
    return os.urandom(_SALT_BYTES)
