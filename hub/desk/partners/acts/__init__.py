"""How a party's people are let in: invited, sent a link, welcomed."""

from dataclasses import dataclass

from hub.desk.partners.acts.invite_partner import InvitePartner
from hub.desk.partners.acts.mail_link import MailLink
from hub.desk.partners.acts.welcome_partner import WelcomePartner


@dataclass(frozen=True, slots=True)
class PartnerActs:
    """The acts of partners."""

    invite: InvitePartner
    welcome: WelcomePartner
    mail: MailLink
