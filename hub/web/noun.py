"""What a noun of the desk brings to the page frame and to the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from fastapi import APIRouter
from sqlalchemy import Connection

from hub.base.access import Permission, Session
from hub.base.commands import AddCommand
from hub.base.engine.promises import Check, Notes


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page that every page leads to, for those with the permission; the lowest place is first.

    `label` is the id of its words.
    """

    address: str
    label: str
    icon: str
    permission: Permission
    place: int


class ReadPanel(Protocol):
    """Reads what a panel shows of a record; None where there is nothing to show."""

    def __call__(
        self, connection: Connection, key: str, session: Session, *, now_ms: int
    ) -> object:
        """Read it for whoever is signed in, by the record's own id."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What a noun shows on another noun's page of a record, as approvals do on an order's.

    `place` is where on the page: `top` or `side`. The template finds what was read as `it`, and so
    does `dialogs`, which stands outside of what is live.
    """

    page: str
    place: str
    template: str
    read: ReadPanel
    dialogs: str = ""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun's pages, commands and topics; its `parts` makes one, and run takes it in.

    `permissions` names what may be done with what, as `grants.toml` has it: what, and its verbs.
    `topics` gives for each topic that the noun announces the permission to hear of it, `words` what
    its templates may call besides what every page has, `promises` and `notes` what the audit checks
    and tells of it.
    """

    name: str
    routers: tuple[APIRouter, ...] = ()
    templates: Path | None = None
    menu: tuple[MenuEntry, ...] = ()
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    topics: Mapping[str, Permission] = field(default_factory=dict)
    words: Mapping[str, object] = field(default_factory=dict)
    commands: tuple[AddCommand, ...] = ()
    panels: tuple[Panel, ...] = ()
    promises: tuple[Check, ...] = ()
    notes: tuple[Notes, ...] = ()
