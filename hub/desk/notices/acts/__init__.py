"""What people do about notices: read them, say where they have mail, say who hears of what."""

from dataclasses import dataclass

from hub.desk.notices.acts.keep_devices import KeepDevices
from hub.desk.notices.acts.read_notices import ReadNotices
from hub.desk.notices.acts.replan_notices import ReplanNotices
from hub.desk.notices.acts.set_rules import SetRules


@dataclass(frozen=True, slots=True)
class NoticeActs:
    """The acts of notices."""

    read: ReadNotices
    rules: SetRules
    devices: KeepDevices
    replan: ReplanNotices
