"""The templates for other brokers say what the code says."""

from importlib.resources import files

from broker.contract.access import emqx_acl, mosquitto_acl
from broker.embedded.mosquitto import LIMITS


def template(name: str) -> str:
    return files("broker.configs").joinpath(name).read_text(encoding="utf-8")


def test_the_access_files_are_what_the_rule_writes() -> None:
    assert template("mosquitto.acl") == mosquitto_acl()
    assert template("emqx-acl.conf") == emqx_acl()


def test_the_production_broker_has_the_limits_of_the_embedded_one() -> None:
    assert set(LIMITS) <= set(template("mosquitto.conf").splitlines())
