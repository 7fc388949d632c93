"""Words of partners: the mail with a link, and how links stand."""

from collections.abc import Mapping
from email.message import EmailMessage
from types import MappingProxyType
from typing import Final

from hub.base.words import Look, PageWords
from hub.desk.partners.model import LinkState

MAIL: Final = "partners.mail"
"""The kind of the jobs that send one link."""
LINKS: Final[Mapping[LinkState, Look]] = MappingProxyType(
    {
        "open": Look("partner_link.open", "ow-wait", "clock"),
        "used": Look("partner_link.used", "ow-good", "check"),
        "ended": Look("partner_link.ended", "ow-quiet", "ban"),
        "lapsed": Look("partner_link.lapsed", "ow-bad", "clock"),
    }
)


def letter_of(words: PageWords, *, name: str, house: str, link: str) -> EmailMessage:
    """Write the mail with a link, without sender and receiver."""
    letter = EmailMessage()
    letter["Subject"] = words.text("partner.mail_subject", house=house)
    parts = (
        words.text("partner.mail_text", house=house, name=name),
        link,
        words.text("partner.mail_once"),
    )
    letter.set_content("\n\n".join(parts) + "\n")
    return letter
