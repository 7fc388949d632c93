"""One distributor running on this machine: broker and hub as children, data in one folder."""

import hashlib
import json
import logging
import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Self

from pythonjsonlogger.json import JsonFormatter

from broker.embedded import HUB_USER, Credentials, FolderInUseError, hold_folder
from rules.language import read_pack
from simulators.data import Distributor, number_pack
from simulators.data.gst import LETTERHEAD, terms_of, write_gst
from simulators.errors import SiteError, UnavailableError
from simulators.faults import Child, free_port, python_module
from simulators.scenarios.clerk import Clerk, Ran
from simulators.scenarios.reckoning import HubOrder

AUTHOR: Final = "author"
_CONFIRMED: Final = frozenset({"confirmed", "allocated", "dispatched", "delivered", "invoiced"})
"""The states of an order that a terminal knows as confirmed."""
_OWNER_ONLY: Final = 0o600
HOST: Final = "127.0.0.1"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the distributor; `duties` are the rule packs' words for who approves."""

    name: str
    role: str
    duties: tuple[str, ...] = ()
    does: str = ""


ADMIN: Final = Person("admin", "admin", does="runs the hub")
PEOPLE: Final = (
    ADMIN,
    Person("asha", "sales", ("sales_desk",), "the sales desk"),
    Person("meera", "manager", ("area_manager", "credit_controller"), "says yes up to a limit"),
    Person("vikram", "owner", ("finance_head",), "says yes above it"),
)
"""Who may sign in: whatever the shipped packs hold back, one of them decides on it."""
STAFF: Final = (
    Person("ravi", "warehouse", does="picks, sends, says what was delivered"),
    Person("lata", "accounts", does="bills, takes money, credits what comes back"),
)
"""Who brings the goods and the money home, where a demo goes on that far."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are in the folder of a scenario."""

    folder: Path

    @property
    def preparing(self) -> Path:
        """What is being prepared; left over, it is of no use."""
        return self.folder / "preparing"

    @property
    def hub(self) -> Path:
        """The data of hub and broker: what `--data` names for the hub's own commands too."""
        return self.folder

    @property
    def sign_ins(self) -> Path:
        """Everybody's name and password, readable by the owner only; the last thing prepared."""
        return self.folder / "sign-ins.txt"

    @property
    def logs(self) -> Path:
        """What the children log."""
        return self.folder / "logs"

    def config(self, terminal: str) -> Path:
        """The ready-made configuration of a terminal."""
        return self.hub / "terminals" / f"{terminal}.toml"

    def terminal(self, terminal: str) -> Path:
        """The data of a terminal."""
        return self.folder / "counters" / terminal


@dataclass(frozen=True, slots=True)
class Ports:
    """Where hub, broker and bench listen."""

    http: int
    broker: int
    bench: int


def log_to(path: Path) -> None:
    """Keep what the fleet's own terminals complain of, one JSON object a line."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class Site:
    """Broker and hub of one distributor, as children on ports of their own.

    Entering starts them, leaving stops them. `broker_port` and `http_port` stay the same over a
    kill and restart.
    """

    def __init__(
        self,
        folder: Path,
        *,
        ports: Ports | None = None,
        database: str = "",
        workers: int = 0,
        portal: str = "",
        mail_port: int = 0,
        environ: Mapping[str, str] | None = None,
        program: type[Child] = Child,
        clerk: type[Clerk] = Clerk,
        say: Say,
    ) -> None:
        """Plan a site; `database` is a URL, empty for the hub's own file.

        `portal` is the address of a portal of e-invoices, empty for none; `mail_port` that of a
        mail server on this machine. `environ` is for the programs of the hub besides; each of
        them is a `program`, and its commands are typed by a `clerk`.

        With `workers` so many processes take orders, beside one for pages and one for jobs.
        """
        self.paths = Layout(folder)
        self.broker_port = ports.broker if ports else free_port()
        self.http_port = ports.http if ports else free_port()
        self._say = say
        told = {"ORDERWIRE_HUB_DATABASE": database, "ORDERWIRE_HUB_EINVOICE_URL": portal}
        if mail_port:
            told |= {"ORDERWIRE_HUB_MAIL_HOST": HOST, "ORDERWIRE_HUB_MAIL_PORT": str(mail_port)}
            told |= {"ORDERWIRE_HUB_MAIL_FROM": "hub@example.com"}
        self._environ = {name: value for name, value in told.items() if value}
        self._besides = dict(environ or {})
        self._clerk = clerk(self._environ)
        self._runs = program
        self.paths.logs.mkdir(parents=True, exist_ok=True)
        self.broker = Child(
            "broker",
            python_module(
                *("broker", "run", "--data", str(self.paths.hub)),
                *("--host", HOST, "--port", str(self.broker_port)),
            ),
            log=self.paths.logs / "broker.log",
        )
        users = [f"{HUB_USER}-{number}" for number in range(1, workers + 1)] or [HUB_USER]
        self._passwords = {user: secrets.token_urlsafe(32) for user in users}
        self.hub = self._program("hub", "web" if workers else "all", users[0])
        self.workers = (
            [self._program(user, "intake", user) for user in users] if workers else [self.hub]
        )
        """The programs that take orders."""
        self.programs = [self.hub]
        """Every program of the hub, the one with the pages first."""
        if workers:
            self.programs += [*self.workers, self._program("jobs", "jobs", users[0])]

    def _program(self, name: str, role: str, user: str) -> Child:
        """Plan a program of the hub that speaks to the broker as `user`."""
        pages = ("--http-host", HOST, "--http-port", str(self.http_port))
        return self._runs(
            name,
            python_module(
                *("hub", "run", "--data", str(self.paths.hub), "--role", role, *pages),
                *("--broker-host", HOST, "--broker-port", str(self.broker_port)),
            ),
            log=self.paths.logs / f"{name}.log",
            environ={
                **self._environ,
                **self._besides,
                "ORDERWIRE_HUB_BROKER_USER": user,
                "ORDERWIRE_HUB_BROKER_PASSWORD": self._passwords[user],
                "ORDERWIRE_HUB_PUBLIC_URL": f"http://{HOST}:{self.http_port}",
            },
        )

    def __enter__(self) -> Self:
        """Start broker and hub, with a new password between them."""
        self._tell_broker()
        try:
            self.broker.start()
            self._say(f"broker: {self.broker.ready.get('broker')} on {HOST}:{self.broker_port}")
            self.start_programs()
            self._say(f"hub: {self.http}, {self.hub.ready.get('database')}")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop hub and broker."""
        self.stop()

    def _tell_broker(self) -> None:
        """Set the hub's password, where no hub that runs still needs the one before."""
        try:
            with hold_folder(self.paths.hub, "hub"):
                for user, password in self._passwords.items():
                    Credentials(self.paths.hub / "broker").set(user, password)
        except FolderInUseError as error:
            raise UnavailableError(f"{error}: stop it, or name another with --data") from error

    def start_programs(self) -> None:
        """Start every program of the hub: one after another, the first of them makes the tables."""
        for program in self.programs:
            program.start()

    @property
    def http(self) -> str:
        """The address of the hub's pages."""
        return str(self.hub.ready.get("http", f"http://{HOST}:{self.http_port}"))

    def many_commands(self) -> AbstractContextManager[None]:
        """Have the hub's commands that are run meanwhile all be of one process."""
        return self._clerk.sitting()

    def is_prepared(self, distributor: Distributor) -> bool:
        """Tell whether an earlier run has prepared this distributor here.

        Raises SiteError where it was another: two price lists and currencies do not mix.
        """
        if not self.paths.sign_ins.exists():
            return False
        kept = self.paths.folder / "distributor" / "distributor.toml"
        name = tomllib.loads(kept.read_text("utf-8"))["name"]
        if name != distributor.name:
            raise SiteError(f"{self.paths.folder} holds {name}: name another folder with --data")
        return True

    def prepare(self, distributor: Distributor) -> None:
        """Load a distributor into a new hub and make its people; raises SiteError.

        All of it is made aside and moved into place at the end, the passwords last: a preparation
        that was stopped half way leaves nothing that a later run could take for a whole one.
        """
        paths, aside = self.paths, self.paths.preparing
        if aside.exists():
            shutil.rmtree(aside)
        elif (paths.hub / "hub.db").exists():
            raise SiteError(f"{paths.folder} holds a hub of your own: name another with --data")
        distributor.write(aside / "distributor")
        with (
            self.many_commands(),
            open(aside / paths.sign_ins.name, "x", opener=_private, encoding="utf-8") as file,
        ):
            self._load(aside / "distributor", aside)
            for person in PEOPLE:
                duties = [word for duty in person.duties for word in ("--duty", duty)]
                added = self._hub_says(
                    aside, "user", "add", person.name, "--role", person.role, *duties
                )
                file.write(f"{person.name} {added.split()[-1]}\n")
        for made in sorted(aside.iterdir(), key=lambda path: path.name == paths.sign_ins.name):
            _put(made, paths.folder / made.name)
        aside.rmdir()

    def complete(self, distributor: Distributor) -> None:
        """Tell a prepared hub what bills need: addresses, terms, codes of goods, a letterhead.

        Raises SiteError.
        """
        paths, typed = self.paths, self.passwords()[ADMIN.name]
        proof = ("--by", ADMIN.name, "--password-stdin")
        for kind, file in write_gst(distributor, paths.folder / "distributor").items():
            self._hub_says(paths.hub, "import", kind, str(file), *proof, typed=typed)
        for person in STAFF:
            added = self._hub_says(paths.hub, "user", "add", person.name, "--role", person.role)
            with paths.sign_ins.open("a", encoding="utf-8") as kept:
                kept.write(f"{person.name} {added.split()[-1]}\n")
        said = [f"{name}={text}" for name, text in LETTERHEAD.items()]
        self._hub_says(paths.hub, "invoice", "letterhead", *said, *proof, typed=typed)
        for customer, told in terms_of(distributor).items():
            self.register(customer, told)

    def register(self, customer: str, told: Mapping[str, str]) -> None:
        """Give a customer terms and a GSTIN, which one person enters and another lets pass.

        Raises SiteError.
        """
        words, said = self.passwords(), [f"{name}={text}" for name, text in told.items()]
        asked = self._hub_says(
            self.paths.hub,
            *("customer", "change", customer, *said, "--by", ADMIN.name, "--password-stdin"),
            typed=words[ADMIN.name],
        )
        (request,) = re.findall(r"request (\d+)", asked)[:1]
        self._hub_says(
            self.paths.hub,
            *("customer", "pass", request, "--by", "vikram", "--password-stdin"),
            typed=words["vikram"],
        )

    def registrations(self) -> list[dict[str, Any]]:
        """List how documents stand at the portal of e-invoices."""
        said = self._hub(self.paths.hub, "invoice", "portal", "--json").printed
        return [json.loads(line) for line in said.splitlines()]

    def add(self, distributor: Distributor) -> None:
        """Load a distributor into the hub that an earlier run prepared, and publish its pack.

        Raises SiteError.
        """
        with self.many_commands(), TemporaryDirectory(dir=self.paths.folder) as aside:
            distributor.write(Path(aside) / "distributor")
            self._load(Path(aside) / "distributor", self.paths.hub)
            self._publish(Path(aside) / "distributor" / "pack")

    def passwords(self) -> dict[str, str]:
        """Give the password of each of the people, by name."""
        lines = self.paths.sign_ins.read_text("utf-8").splitlines()
        return dict(map(str.split, lines))

    def orders(self) -> list[HubOrder]:
        """List all orders of the hub that came from terminals."""
        listed = map(json.loads, self._hub_says(self.paths.hub, "orders", "--json").splitlines())
        return [
            HubOrder(
                id=order["order"],
                terminal=order["requester"],
                seq=int(order["source_key"].rpartition("/")[2]),
                lines=order["lines"],
                status=_told(order["status"], changed=order["changed"]),
            )
            for order in listed
            if order["source"] == "terminal"
        ]

    def backup(self, file: Path) -> None:
        """Have the hub write its books and keys into a new file; raises SiteError."""
        self._hub_says(self.paths.hub, "backup", str(file))

    def restore(self, file: Path) -> None:
        """Put a backup back where neither hub nor broker runs; raises SiteError."""
        self._hub_says(self.paths.hub, "restore", str(file), "--yes")

    def audit(self) -> dict[str, Any]:
        """Let the hub check itself; `ok` tells the outcome, the rest is what it said."""
        ran = self._hub(self.paths.hub, "audit", "--json")
        try:
            said = json.loads(ran.printed)
        except ValueError as error:
            raise SiteError(f"hub audit: {ran.last_words}") from error
        return {"ok": ran.status == 0, "said": said}

    def jobs(self) -> list[dict[str, Any]]:
        """List the jobs that the hub has given up: each failed eight times."""
        said = self._hub(self.paths.hub, "jobs", "--json").printed
        return [json.loads(line) for line in said.splitlines()]

    def stop(self) -> None:
        """Stop hub and broker, the hub first: it says goodbye over the broker."""
        for program in reversed(self.programs):
            program.stop()
        self.broker.stop()

    def _publish(self, pack: Path) -> None:
        """Have the hub serve this pack, if it does not: one user adds it and another publishes."""
        listed = self._hub_says(self.paths.hub, "pack", "list", "--json").splitlines()
        versions = [json.loads(line) for line in listed]
        serving = next(one for one in versions if one["state"] == "published")
        number_pack(pack, serving["version"])
        if hashlib.sha256(read_pack(pack)).hexdigest() == serving["hash"]:
            return
        number = max(one["version"] for one in versions) + 1
        number_pack(pack, number)
        made = self._hub_says(self.paths.hub, "user", "add", AUTHOR, "--role", "rule_writer")
        add = ("pack", "add", str(pack), "--by", AUTHOR, "--password-stdin")
        self._hub_says(self.paths.hub, *add, typed=made.split()[-1])
        publish = ("pack", "publish", str(number), "--yes", "--by", ADMIN.name, "--password-stdin")
        self._hub_says(self.paths.hub, *publish, typed=self.passwords()[ADMIN.name])

    def _hub_says(self, folder: Path, *arguments: str, typed: str = "") -> str:
        """Run a command of the hub on the data in `folder`; raises SiteError where it fails."""
        ran = self._hub(folder, *arguments, typed=typed)
        if ran.status:
            raise SiteError(f"hub {arguments[0]}: {ran.last_words}")
        return ran.printed

    def _hub(self, folder: Path, *arguments: str, typed: str = "") -> Ran:
        return self._clerk.type(*arguments, "--data", str(folder), typed=typed)

    def take_file(self, kind: str, rows: str) -> None:
        """Have the hub take rows of products or customers from a file; raises SiteError."""
        with TemporaryDirectory(dir=self.paths.folder) as aside:
            file = Path(aside) / f"{kind}.csv"
            file.write_text(rows, "utf-8")
            by = ("--by", ADMIN.name, "--password-stdin")
            typed = self.passwords()[ADMIN.name]
            self._hub_says(self.paths.hub, "import", kind, str(file), *by, typed=typed)

    def token(self, name: str, *roles: str) -> str:
        """Let a program in, in these roles; gives its token. Raises SiteError."""
        asked = [word for role in roles for word in ("--role", role)]
        add = ("token", "add", name, *asked, "--by", ADMIN.name, "--password-stdin")
        return self._hub_says(self.paths.hub, *add, typed=self.passwords()[ADMIN.name]).strip()

    def _load(self, folder: Path, hub: Path) -> None:
        self._hub_says(
            hub,
            *("load", str(folder)),
            *("--broker-host", HOST, "--broker-port", str(self.broker_port)),
        )


def _put(made: Path, place: Path) -> None:
    """Move a file or folder to its place, where a stopped preparation may have left its like."""
    if place.is_dir():
        shutil.rmtree(place)
    made.rename(place)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, _OWNER_ONLY)


def _told(status: str, *, changed: bool) -> str:
    """Give the word that a terminal has for the state of an order at the hub."""
    if status not in _CONFIRMED:
        return status
    return "confirmed_changed" if changed else "confirmed"
