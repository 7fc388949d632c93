"""The language model as the settings name it: a server's address, a model, and a key."""

from typing import Final

from hub.base.jobs.calling import WebHost
from hub.desk.assistant.acts.ask_question import FormModel
from hub.run.config.settings import ConfigError, Settings

_TIMEOUT_S: Final = 5.0
"""A person waits: then the question is answered as if there were no model."""


def form_model_of(settings: Settings) -> FormModel:
    """Say who fills a form where a question is not understood; raises ConfigError."""
    if not settings.assistant_url:
        return FormModel()
    key = settings.assistant_key
    heads = {"Authorization": f"Bearer {key}"} if key else {}
    host = WebHost(settings.assistant_url, heads, _TIMEOUT_S)
    if fault := host.fault():
        raise ConfigError(f"assistant_url: {fault}")
    if not settings.assistant_model:
        raise ConfigError("assistant_model: name the model that the server is to use")
    return FormModel(host, settings.assistant_model)
