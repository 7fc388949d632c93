"""What terminals should have: whom they serve, and which snapshots."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from msgspec.structs import replace

from broker.contract import Snapshot
from hub.base.transaction import Transaction
from hub.desk.accounts.model import with_exposure
from hub.desk.orders.model.availability import Counterparty
from hub.desk.parties.store import settings_of
from hub.desk.products.store import snapshot_size
from hub.desk.rulepacks.store import serving_hash
from hub.desk.terminals.model.counters import SETTINGS, settings_of_row
from hub.desk.terminals.store.counters import operators_of
from hub.desk.terminals.store.inbox import highest_numbers
from hub.desk.terminals.store.machines.diagnoses import open_of
from hub.desk.terminals.store.machines.rotations import open_names
from hub.desk.terminals.store.software.updates import offers_of
from hub.desk.terminals.wire.alarms import customer_facts
from hub.desk.terminals.wire.statuses import Desired, config_data, served_customer, with_counter
from rules import Credit, Customer, Minor

_SERVED: Final = """
SELECT t.id, w.code, c.id, c.code, c.name, c.type, c.geo, c.status, c.credit_state,
       c.credit_limit, c.since, a.exposure, a.opening_outstanding,
       coalesce(t.payments, g.payments), coalesce(t.ask_quantity, g.ask_quantity),
       coalesce(t.ask_amount, g.ask_amount), coalesce(t.operator_needed, g.operator_needed),
       coalesce(t.notices, g.notices), k.gstin, t.seller_id
FROM terminal t
JOIN party c ON c.id = t.customer_id
LEFT JOIN customer_profile k ON k.party_id = c.id
LEFT JOIN counter_group g ON g.id = t.group_id AND g.seller_id = t.seller_id
JOIN customer_account a ON a.customer_id = c.id
JOIN warehouse w ON w.id = t.warehouse_id
WHERE t.revoked_at IS NULL AND t.id IN """
_BESIDE: Final = """
SELECT s.terminal, c.id, c.code, c.name, c.type, c.geo, c.status, c.credit_state,
       c.credit_limit, c.since, a.exposure, a.opening_outstanding, k.gstin
FROM terminal_customer s
JOIN party c ON c.id = s.customer_id
LEFT JOIN customer_profile k ON k.party_id = c.id
JOIN customer_account a ON a.customer_id = c.id
WHERE s.terminal IN """
_OF_PARTY: Final = 13
"""Where what is the customer's ends in a row, and what is the counter's begins."""
_OF_COUNTER: Final = _OF_PARTY + len(SETTINGS)
_ONLINE: Final = "SELECT terminal FROM terminal_presence WHERE state = 'online'"
_COUNT: Final = "SELECT count(*) FROM terminal WHERE revoked_at IS NULL"


def desired_of(
    t: Transaction,
    terminals: Sequence[str],
    *,
    http: str,
    now_ms: int,
    gstins: Mapping[int, str],
) -> Sequence[Desired]:
    """Say what these terminals should have; nothing before a catalogue and a pack are there.

    `gstins` are those of sellers, by their rows.
    """
    if not terminals:
        return []
    settings = settings_of(t)
    catalogue = _snapshot(t, settings.get("catalogue"))
    pack = _snapshot(t, serving_hash(t, now_ms))
    if catalogue is None or pack is None:
        return []
    highest, operators = highest_numbers(t, terminals), operators_of(t, terminals)
    beside, offers = _beside(t, terminals), offers_of(t, terminals)
    asked, rotations = open_of(t, terminals), open_names(t, terminals)
    desired = []
    for row in sorted(t.rows_in(_SERVED, terminals)):
        counterparty = _counterparty(row[2:_OF_PARTY])
        exposure = counterparty.credit.exposure
        facts = customer_facts(counterparty, exposure=exposure, as_of=now_ms)
        config = config_data(
            settings, facts, warehouse=row[1], http=http, catalogue=catalogue, pack=pack
        )
        config = replace(config, numbered_to=highest.get(row[0], 0))
        counter = settings_of_row(row[_OF_PARTY:_OF_COUNTER])
        gstin, seller = row[_OF_COUNTER:]
        config = with_counter(config, counter, counterparty.credit.state)
        served = [
            served_customer(
                counter,
                customer_facts(one, exposure=one.credit.exposure, as_of=now_ms),
                gstin=its,
            )
            for one, its in beside.get(row[0], ())
        ]
        config = replace(
            config,
            operators=operators.get(row[0], []),
            customers=served,
            software=offers.get(row[0]),
            diagnosis=asked.get(row[0]),
            rotation=rotations.get(row[0]),
            gstin=gstins.get(seller, ""),
            customer_gstin=gstin or "",
        )
        desired.append(Desired(row[0], config))
    return desired


def served_beside(t: Transaction, terminals: Sequence[str]) -> dict[str, list[Counterparty]]:
    """Read for whom those terminals order beside their own customers, by terminal."""
    found = _beside(t, terminals)
    return {terminal: [one for one, _ in served] for terminal, served in found.items()}


def _beside(t: Transaction, terminals: Sequence[str]) -> dict[str, list[tuple[Counterparty, str]]]:
    """Read the same, each with its GSTIN."""
    found: dict[str, list[tuple[Counterparty, str]]] = {}
    for row in sorted(t.rows_in(_BESIDE, terminals), key=lambda row: (row[0], row[2])):
        found.setdefault(row[0], []).append((_counterparty(row[1:-1]), row[-1] or ""))
    return found


def counterparties_of(t: Transaction, terminals: Sequence[str]) -> dict[str, Counterparty]:
    """Read whom those terminals order for that are there and not revoked, by terminal."""
    return {
        row[0]: _counterparty(row[2:_OF_PARTY]) for row in sorted(t.rows_in(_SERVED, terminals))
    }


def version_of(t: Transaction, now_ms: int, gstins: Mapping[int, str]) -> tuple[str, ...]:
    """Name all that terminals are told now, so that a change of any of it is seen."""
    said = [*sorted(settings_of(t).items()), *sorted(gstins.items())]
    return (serving_hash(t, now_ms) or "", *(f"{key}={value}" for key, value in said))


def online_terminals(t: Transaction) -> Sequence[str]:
    """Name the terminals that said they are there."""
    return [row[0] for row in t.rows(_ONLINE)]


def count_terminals(t: Transaction) -> int:
    """Count the terminals of the whole network that are not revoked."""
    return int(t.rows(_COUNT)[0][0])


def _counterparty(row: Sequence[Any]) -> Counterparty:
    row_id, code, name, kind, geo, status, state, limit, since, owed, opening = row
    credit = Credit(state=state, limit=Minor(limit), invoices=Minor(opening))
    return Counterparty(
        id=row_id,
        customer=Customer(code, kind, tuple(geo.split("/")) if geo else (), status),
        name=name,
        credit=with_exposure(credit, owed),
        # SQLite gives the text of a date, PostgreSQL the date.
        since=date.fromisoformat(since) if isinstance(since, str) else since,
    )


def _snapshot(t: Transaction, digest: str | None) -> Snapshot | None:
    """Name a snapshot with its size."""
    size = snapshot_size(t, digest) if digest else None
    return Snapshot(hash=digest, size=size) if digest and size is not None else None
