"""How large leases are and how long they last, as the hub is told."""

import re
from pathlib import Path

import pytest

from hub.run.config import ConfigError, read_settings


def test_leases_are_two_percent_for_a_day_unless_told_otherwise(tmp_path: Path) -> None:
    settings = read_settings({"folder": tmp_path}, {}).settings

    assert (settings.lease_percent, settings.lease_hours) == (2, 24)


def test_the_file_and_the_environment_set_them(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("lease_percent = 10\nlease_hours = 8\n")

    settings = read_settings({"folder": tmp_path}, {"ORDERWIRE_HUB_LEASE_HOURS": "12"}).settings

    assert (settings.lease_percent, settings.lease_hours) == (10, 12)


@pytest.mark.parametrize(
    "text", ["lease_percent = 0", "lease_percent = 101", "lease_hours = 0", 'lease_hours = "a"']
)
def test_a_lease_of_nothing_or_of_more_than_all_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "hub.toml").write_text(text)

    with pytest.raises(ConfigError, match="is not a whole number from 1 to"):
        read_settings({"folder": tmp_path}, {})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('mail_security = "ssl"', "'ssl' is none of none, starttls, tls"),
        ('log_level = "LOUD"', "'LOUD' is none of DEBUG, INFO"),
        ('broker_kind = "emqx"', "'emqx' is none of auto, mosquitto, amqtt"),
        ('public_url = "hub.example"', "is no address as https://hub.example"),
        ('pages_url = "ftp://hub"', "is no address as https://hub.example"),
        ('traces_url = "127.0.0.1:4318"', "is no address as https://hub.example"),
        ('webhook_inside = "http://10.0.0.1"', "is not names of hosts"),
        ('push_inside = "http://10.0.0.1"', "is not names of hosts"),
        ('hosts = "https://hub.example/"', "is not names of hosts"),
        ('hosts = ["hub.example", "hub.local"]', "of several, commas between"),
    ],
)
def test_a_value_that_would_do_nothing_or_something_else_is_refused(
    tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "hub.toml").write_text(text)

    with pytest.raises(ConfigError, match=re.escape(told)):
        read_settings({"folder": tmp_path}, {})


def test_a_word_of_a_few_may_be_written_in_small_letters(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text('log_level = "debug"\nmail_security = "TLS"\n')

    settings = read_settings({"folder": tmp_path}, {}).settings

    assert (settings.log_level, settings.mail_security) == ("DEBUG", "tls")


def test_a_name_that_is_no_setting_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"HTTP_PROT is no setting.*ORDERWIRE_HUB_HTTP_PORT"):
        read_settings({"folder": tmp_path}, {"ORDERWIRE_HUB_HTTP_PROT": "8081"})


def test_no_password_is_shown_not_even_inside_of_an_address(tmp_path: Path) -> None:
    url = "postgresql://hub:s3cret@db.example:5432/hub"
    told = read_settings(
        {"folder": str(tmp_path)},
        {"ORDERWIRE_HUB_DATABASE": url, "ORDERWIRE_HUB_BROKER_PASSWORD": "s3cret"},
    )

    shown = "\n".join(told.lines())

    assert "s3cret" not in shown
    assert "postgresql://hub:***@db.example:5432/hub" in shown
    assert told.settings.database == url
