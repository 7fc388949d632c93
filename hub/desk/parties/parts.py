"""What parties bring to the hub: acts of customers, their pages and commands."""

from functools import partial
from pathlib import Path
from typing import Final

from hub.base.access import EVERYTHING
from hub.base.ground import Ground
from hub.base.jobs import Jobs
from hub.base.transaction import Transactions
from hub.desk.parties import api
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.acts.add_customer import AddCustomer
from hub.desk.parties.acts.change_customer import ChangeCustomer
from hub.desk.parties.acts.decide_request import DecideRequest
from hub.desk.parties.acts.join_customers import JoinCustomers
from hub.desk.parties.acts.keep_address import KeepAddress
from hub.desk.parties.acts.map_customers import MapCustomers
from hub.desk.parties.commands import add
from hub.desk.parties.model.customers import SECOND_HANDS
from hub.desk.parties.pages import bulk, customers, files, handing, listing
from hub.desk.parties.promises import check_requests, note_requests
from hub.desk.parties.store.beginning import write_first_party
from hub.desk.parties.store.customers import END_STATUS, end_status
from hub.desk.people.reads.alone import is_alone
from hub.web.noun import Finder, MenuEntry, Noun, Work

NOUN: Final = Noun(
    "parties",
    routers=(handing.router, files.router, customers.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(
        MenuEntry(
            "/customers",
            "menu.customers",
            "building-store",
            "customers.read",
            20,
            key="c",
            also="/partners",
        ),
    ),
    permissions={"customers": ("read", "add", "change", "approve")},
    topics={"customers": "customers.read"},
    commands=(add,),
    bulk=bulk.STEPS,
    promises=(check_requests,),
    notes=(note_requests,),
    first_rows=(write_first_party,),
    work=(Work("customers.approve", 30, listing.read_work),),
    finders=(Finder("customers.read", listing.find_records),),
)


def build(ground: Ground, transactions: Transactions, *, jobs: Jobs) -> CustomerActs:
    """Make the acts of customers, and have holds end by themselves."""
    jobs.handle(END_STATUS, partial(end_status, scope=EVERYTHING))
    clock = ground.clock
    return CustomerActs(
        add=AddCustomer(transactions, clock),
        change=ChangeCustomer(transactions, clock),
        decide=DecideRequest(
            transactions, clock, partial(is_alone, may=SECOND_HANDS, scope=EVERYTHING)
        ),
        join=JoinCustomers(transactions, clock),
        address=KeepAddress(transactions, clock),
        map=MapCustomers(transactions, clock),
    )
