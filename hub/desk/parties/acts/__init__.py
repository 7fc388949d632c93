"""What the hub does with its own settings, and what people do with customers."""

from dataclasses import dataclass

from hub.desk.parties.acts.add_customer import AddCustomer
from hub.desk.parties.acts.change_customer import ChangeCustomer
from hub.desk.parties.acts.decide_request import DecideRequest
from hub.desk.parties.acts.join_customers import JoinCustomers
from hub.desk.parties.acts.keep_address import KeepAddress
from hub.desk.parties.acts.map_customers import MapCustomers


@dataclass(frozen=True, slots=True)
class CustomerActs:
    """The acts of customers."""

    add: AddCustomer
    change: ChangeCustomer
    decide: DecideRequest
    join: JoinCustomers
    address: KeepAddress
    map: MapCustomers
