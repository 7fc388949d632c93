"""What people bring to the hub: the door, the choice of language, and who adds people."""

from pathlib import Path
from typing import Final

from hub.base.access import read_default_grants
from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.add_user import AddUser
from hub.desk.people.acts.api_tokens import ApiTokens
from hub.desk.people.acts.sign_in import SignIn
from hub.desk.people.commands import token, user
from hub.desk.people.pages import language, sign_in
from hub.desk.people.pages.sign_in import SignInLimits
from hub.desk.people.store.rows import ScopeOf
from hub.web.noun import Noun

NOUN: Final = Noun(
    "people",
    routers=(sign_in.router, language.router),
    templates=Path(__file__).parent / "pages" / "templates",
    commands=(user.add, token.add),
)


def build(ground: Ground, transactions: Transactions, scope_of: ScopeOf) -> PeopleActs:
    """Make the acts of people; `scope_of` says which rows somebody may see."""
    ground.put(SignInLimits())
    grants = read_default_grants()
    return PeopleActs(
        add=AddUser(transactions, ground.clock),
        sign_in=SignIn(transactions, grants, scope_of),
        tokens=ApiTokens(transactions, ground.clock, grants, scope_of),
    )
