"""The language model as a hub is told of it: off by default, and no key in the open."""

from pathlib import Path

import pytest

from hub.run.config import ConfigError, Settings, Sourced
from hub.run.config.asking import form_model_of


def test_no_question_leaves_a_hub_that_is_told_of_no_model(tmp_path: Path) -> None:
    assert not form_model_of(Settings(folder=tmp_path)).is_on


@pytest.mark.parametrize(
    ("url", "model", "named"),
    [
        ("http://models.example/v1", "small", "https://"),
        ("models.example", "small", "https://"),
        ("https://models.example/v1", "", "assistant_model"),
    ],
)
def test_a_model_in_the_open_or_without_a_name_is_refused(
    tmp_path: Path, url: str, model: str, named: str
) -> None:
    told = Settings(folder=tmp_path, assistant_url=url, assistant_model=model)

    with pytest.raises(ConfigError, match=named):
        form_model_of(told)


def test_the_key_goes_with_each_question_and_is_shown_nowhere(tmp_path: Path) -> None:
    told = Settings(
        folder=tmp_path,
        assistant_url="https://models.example/v1",
        assistant_model="small",
        assistant_key="k-123",
    )

    model = form_model_of(told)

    assert model.host.heads == {"Authorization": "Bearer k-123"}
    assert "k-123" not in repr(model) + "\n".join(Sourced(told).lines())
