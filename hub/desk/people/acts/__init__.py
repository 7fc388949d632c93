"""What people and programs do at the door; and who adds and changes them."""

from dataclasses import dataclass

from hub.desk.people.acts.add_user import AddUser
from hub.desk.people.acts.api_tokens import ApiTokens
from hub.desk.people.acts.change_user import ChangeUser
from hub.desk.people.acts.first_owner import FirstOwner
from hub.desk.people.acts.own_account import OwnAccount
from hub.desk.people.acts.second_factor import SecondFactor
from hub.desk.people.acts.set_lines import SetLines
from hub.desk.people.acts.sign_in import SignIn


@dataclass(frozen=True, slots=True)
class PeopleActs:
    """The acts of people."""

    add: AddUser
    change: ChangeUser
    lines: SetLines
    own: OwnAccount
    factor: SecondFactor
    first: FirstOwner
    sign_in: SignIn
    tokens: ApiTokens
