"""The templates for other brokers say what the code says."""

from importlib.resources import files

from broker.contract.access import emqx_acl
from broker.embedded.mosquitto import LIMITS


def template(name: str) -> str:
    return files("broker.configs").joinpath(name).read_text(encoding="utf-8")


def test_the_access_file_is_what_the_rule_writes() -> None:
    assert template("emqx-acl.conf") == emqx_acl()


def test_the_production_broker_has_the_limits_of_the_embedded_one() -> None:
    assert set(LIMITS) <= set(template("mosquitto.conf").splitlines())


def test_every_listener_gives_a_session_its_users_name() -> None:
    listeners = template("mosquitto.conf").split("\nlistener ")[1:]

    assert len(listeners) == 2
    assert all("\nuse_username_as_clientid true\n" in listener for listener in listeners)
    assert "use_username_as_clientid = true" in template("emqx.conf")
