"""The pages and commands of the nouns that have no folder of their own yet."""

from pathlib import Path
from typing import Final

from hub.cli import audit, load, terminal, user
from hub.cli import leases as lease_commands
from hub.cli import orders as order_commands
from hub.cli import packs as pack_commands
from hub.routes import (
    leases,
    machine,
    messages,
    orders,
    pack_steps,
    packs,
    sign_in,
    terminals,
    words,
)
from hub.web.noun import MenuEntry, Noun

NOUN: Final = Noun(
    "routes",
    routers=tuple(
        one.router
        for one in (sign_in, orders, terminals, packs, pack_steps, leases, messages, machine)
    ),
    templates=Path(__file__).parent / "templates",
    menu=(
        MenuEntry("/orders", "Orders", "receipt-2", "orders.read", 10),
        MenuEntry("/terminals", "Terminals", "devices", "terminals.read", 20),
        MenuEntry("/packs", "Rule packs", "package", "packs.read", 30),
        MenuEntry("/leases", "Leases", "gift", "packs.read", 40),
        MenuEntry("/messages", "Refused messages", "mail-off", "messages.read", 50),
    ),
    topics={
        "orders": "orders.read",
        "terminals": "terminals.read",
        "messages": "messages.read",
        "packs": "packs.read",
    },
    words={"words": words},
    commands=tuple(
        one.add
        for one in (load, pack_commands, user, terminal, order_commands, lease_commands, audit)
    ),
)
