"""What partners bring to the hub: their first page, their own lists, and how they are let in."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.jobs import Jobs
from hub.base.jobs.mailing import MailHost
from hub.base.transaction import Transactions
from hub.desk.partners import words
from hub.desk.partners.acts import PartnerActs
from hub.desk.partners.acts.invite_partner import InvitePartner
from hub.desk.partners.acts.mail_link import MailLink
from hub.desk.partners.acts.welcome_partner import WelcomePartner
from hub.desk.partners.commands import add
from hub.desk.partners.pages import home, inviting, own, welcome
from hub.desk.partners.promises import CHECK
from hub.desk.people.model.accounts import PARTNER
from hub.web.noun import FirstPage, Noun, Panel

NOUN: Final = Noun(
    "partners",
    routers=(own.router, inviting.router, welcome.router),
    templates=Path(__file__).parent / "pages" / "templates",
    permissions={"partners": ("invite",)},
    words={"partner_words": words},
    commands=(add,),
    first_pages=(FirstPage(PARTNER, "partner_home.html", home.read),),
    panels=(
        Panel(
            "customer",
            "side",
            "partner_panel.html",
            read=inviting.read_panel,
            actions=inviting.offer_actions,
        ),
    ),
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions, *, jobs: Jobs, mail: MailHost) -> PartnerActs:
    """Make the acts of partners, and have their links sent."""
    sending = MailLink(transactions, ground.clock, mail)
    jobs.handle_outside(words.MAIL, sending)
    return PartnerActs(
        invite=InvitePartner(transactions, ground.clock),
        welcome=WelcomePartner(transactions, ground.clock),
        mail=sending,
    )
