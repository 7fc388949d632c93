"""What people and programs do at the door; and who adds them."""

from dataclasses import dataclass

from hub.desk.people.acts.add_user import AddUser
from hub.desk.people.acts.api_tokens import ApiTokens
from hub.desk.people.acts.sign_in import SignIn


@dataclass(frozen=True, slots=True)
class PeopleActs:
    """The acts of people."""

    add: AddUser
    sign_in: SignIn
    tokens: ApiTokens
