"""Keep groups of counters: what all of a group are set to where they say nothing themselves."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Kept, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.parties.store.customers import find_seller
from hub.desk.terminals.model.groups import read_group
from hub.desk.terminals.store.counters import settings_in
from hub.desk.terminals.store.machines import groups


@dataclass(slots=True)
class KeepGroups:
    """The acts, with what they need. Terminals hear of what was set within half a minute."""

    transactions: Transactions
    clock: Clock

    def add(self, texts: Mapping[str, str], *, by: str, scope: Scope) -> Kept | Refused:
        """Make a group of a seller that the person works for."""
        fields = read_group(texts)
        if isinstance(fields, Refused):
            return fields
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            if groups.has_group(t, fields.code):
                return refused("group_there", field="code", group=fields.code)
            seller = find_seller(t, fields.seller, scope=scope)
            if seller is None:
                return refused("group_seller", field="seller", seller=fields.seller[:64])
            groups.add_group(t, fields, seller=seller)
            t.changed("terminals")
            t.commit()
        return Kept(fields.code)

    def change(
        self, code: str, texts: Mapping[str, str], *, why: str, by: str, scope: Scope
    ) -> Kept | Refused:
        """Set a group by texts; a setting that is left out is as usual from now on."""
        fields = read_group({**texts, "code": code})
        if isinstance(fields, Refused):
            return fields
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            group = groups.lock_group(t, code, scope=scope)
            if group is None:
                return _unknown(code)
            if (group.name, group.settings) != (fields.name, fields.settings):
                groups.change_group(t, group, fields, why=why.strip())
                t.changed("terminals")
            t.commit()
        return Kept(code)

    def drop(self, code: str, *, why: str, by: str, scope: Scope) -> Kept | Refused:
        """Take a group away; refused while a counter is in it, which would be set otherwise."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            group = groups.lock_group(t, code, scope=scope)
            if group is None:
                return _unknown(code)
            count = groups.count_counters(t, group)
            if count:
                return refused("group_used", group=code, count=count)
            groups.drop_group(t, group, why=why.strip())
            t.changed("terminals")
            t.commit()
        return Kept(code)

    def put_in(
        self, terminal: str, code: str, *, why: str, by: str, scope: Scope
    ) -> Kept | Refused:
        """Put a counter into a group of its seller, out of the one it was in; "" is none."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            fault = self._put_in(t, terminal, code.strip(), why=why.strip(), scope=scope)
            if fault is not None:
                return fault
            t.commit()
        return Kept(terminal)

    def _put_in(
        self, t: Transaction, terminal: str, code: str, *, why: str, scope: Scope
    ) -> Refused | None:
        group = groups.lock_group(t, code, scope=scope) if code else None
        if code and group is None:
            return _unknown(code)
        if settings_in(t, terminal, scope=scope) is None:
            return refused("group_terminal", field="terminal", terminal=terminal[:64])
        seller, before = groups.group_of(t, terminal)
        if group is not None and group.seller != seller:
            return refused("group_other", field="terminal", terminal=terminal, group=code)
        if before != code:
            groups.put_in(t, terminal, group, before=before, why=why)
            t.changed("terminals")
        return None


def _unknown(code: str) -> Refused:
    return refused("group_unknown", field="group", group=code[:64])
