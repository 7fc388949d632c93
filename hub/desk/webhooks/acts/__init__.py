"""What is done about webhooks: endpoints kept, turned on and off, tested, messages sent again."""

from dataclasses import dataclass

from hub.desk.webhooks.acts.forget_messages import ForgetMessages
from hub.desk.webhooks.acts.keep_webhook import KeepWebhook


@dataclass(frozen=True, slots=True)
class WebhookActs:
    """The acts of webhooks."""

    keep: KeepWebhook
    forget: ForgetMessages
