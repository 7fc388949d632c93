"""Words of notices: what is told of an event, in the receiver's language."""

from hub.base.words import PageWords
from hub.desk.notices.model import NoticeRow
from hub.desk.orders.words import tell_reason


def tell_event(one: NoticeRow, words: PageWords) -> str:
    """Say in a line what happened: the shop's name first, then the order."""
    event = words.named("notice_event", one.event)
    return words.text("notices.line", customer=one.customer, event=event, number=one.number)


def tell_reasons(one: NoticeRow, words: PageWords, *, staff: bool) -> str:
    """Say why it happened; to a shop without what is the house's own."""
    told = [tell_reason(reason, one.scale, words, staff=staff) for reason in one.reasons]
    return "; ".join(dict.fromkeys(told))
