"""What people bring to the hub: the door, the own account, users, and programs."""

from pathlib import Path
from typing import Final

from hub.base.access import read_default_grants
from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.add_user import AddUser
from hub.desk.people.acts.api_tokens import ApiTokens
from hub.desk.people.acts.change_user import ChangeUser
from hub.desk.people.acts.first_owner import FirstOwner
from hub.desk.people.acts.own_account import OwnAccount
from hub.desk.people.acts.second_factor import SecondFactor
from hub.desk.people.acts.set_lines import SetLines
from hub.desk.people.acts.sign_in import SignIn
from hub.desk.people.commands import token, user
from hub.desk.people.pages import account, language, lines, programs, setup, sign_in, steps, users
from hub.desk.people.pages.limits import SignInLimits
from hub.desk.people.store.rows import ScopeOf
from hub.desk.people.words import browser_of
from hub.web.noun import MenuEntry, Noun

NOUN: Final = Noun(
    "people",
    routers=(
        sign_in.router,
        steps.router,
        language.router,
        account.router,
        users.router,
        lines.router,
        programs.router,
        setup.router,
    ),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(
        MenuEntry("/users", "menu.users", "users", "users.read", 80, area="network", key="u"),
        MenuEntry("/programs", "menu.programs", "keyboard", "tokens.change", 82, area="network"),
    ),
    permissions={"users": ("read", "change"), "tokens": ("change",)},
    topics={"users": "users.read"},
    words={"browser_of": browser_of},
    commands=(user.add, token.add),
)


def build(ground: Ground, transactions: Transactions, scope_of: ScopeOf) -> PeopleActs:
    """Make the acts of people; `scope_of` says which rows somebody may see."""
    ground.put(SignInLimits())
    grants = read_default_grants()
    clock = ground.clock
    return PeopleActs(
        add=AddUser(transactions, clock),
        change=ChangeUser(transactions, clock),
        lines=SetLines(transactions, clock),
        own=OwnAccount(transactions, clock),
        factor=SecondFactor(transactions, clock),
        first=FirstOwner(transactions, clock),
        sign_in=SignIn(transactions, clock, grants, scope_of),
        tokens=ApiTokens(transactions, clock, grants, scope_of),
    )
