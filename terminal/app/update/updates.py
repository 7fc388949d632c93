"""A counter's updates of its own software: what the hub offers, and when other software starts."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from terminal.app.enrolment.passwords import Passwords
from terminal.app.knowledge import Knowledge
from terminal.app.settings import Settings
from terminal.app.update.watch import UpdateWatch
from terminal.slots import Slots

if TYPE_CHECKING:
    from terminal.app.update.keeper import SoftwareKeeper


class Remark(Protocol):
    """Tells the hub of something a person should hear of."""

    def __call__(self, level: Literal["info", "warning", "alarm"], code: str, text: str) -> None:
        """Tell it, once there is a line."""


@dataclass(frozen=True, slots=True)
class Updates:
    """What brings updates, and what makes way for them."""

    keeper: "SoftwareKeeper"
    watch: UpdateWatch


def updates_of(
    settings: Settings,
    knowledge: Knowledge,
    passwords: Passwords,
    *,
    is_at_rest: Callable[[], bool],
    is_well: Callable[[], bool],
    remark: Remark,
    on_news: Callable[[], None],
) -> Updates | None:
    """Make a counter's updates; None where its settings name no slots."""
    if not settings.slots:
        return None
    # Imported here: a machine without slots needs none of it.
    from terminal.app.update.keeper import SoftwareKeeper  # noqa: PLC0415

    slots = Slots(Path(settings.slots))

    keeper = SoftwareKeeper(
        slots,
        settings,
        knowledge.hub,
        lambda: passwords.current,
        is_at_rest,
        on_news,
        on_refused=lambda code, text: remark("alarm", code, text),
    )
    if knowledge.config is not None:
        keeper.want(knowledge.config.software)

    def tell(code: str, text: str) -> None:
        remark("warning", code, text)
        on_news()

    def leave(is_sure: bool) -> None:  # noqa: FBT001  # a callback's only word
        keeper.leaving = is_sure
        on_news()

    watch = UpdateWatch(slots, settings.steady_s, is_at_rest, is_well, tell, leave, keeper.running)
    return Updates(keeper, watch)
