"""What people do at the door: sign in and out; and who adds them."""

from dataclasses import dataclass

from hub.desk.people.acts.add_user import AddUser
from hub.desk.people.acts.sign_in import SignIn


@dataclass(frozen=True, slots=True)
class PeopleActs:
    """The acts of people."""

    add: AddUser
    sign_in: SignIn
