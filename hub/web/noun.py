"""What a noun of the desk brings to the page frame and to the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import APIRouter

from hub.base.access import Permission
from hub.base.commands import AddCommand


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page that every page leads to, for those with the permission; the lowest place is first."""

    address: str
    label: str
    icon: str
    permission: Permission
    place: int


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun's pages, commands and topics; its `parts` makes one, and run takes it in.

    `topics` gives for each topic that the noun announces the permission to hear of it, `words` what
    its templates may call besides what every page has.
    """

    name: str
    routers: tuple[APIRouter, ...] = ()
    templates: Path | None = None
    menu: tuple[MenuEntry, ...] = ()
    topics: Mapping[str, Permission] = field(default_factory=dict)
    words: Mapping[str, object] = field(default_factory=dict)
    commands: tuple[AddCommand, ...] = ()
