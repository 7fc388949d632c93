"""What a started broker can be asked, whichever it is."""

from typing import Protocol

from broker.contract.address import BrokerAddress


class BrokerStartError(Exception):
    """The broker could not be started; the text says why and what to do."""


class BrokerPortError(BrokerStartError):
    """Its port cannot be had; another one may."""


class RunningBroker(Protocol):
    """A broker that serves until `stop`, or until the process that started it ends."""

    @property
    def address(self) -> BrokerAddress:
        """Where it listens."""

    @property
    def kind(self) -> str:
        """Name it: `mosquitto` or `amqtt`."""

    @property
    def pid(self) -> int:
        """Name the process it runs in; amqtt runs in this one."""

    def describe(self) -> str:
        """Name it with its version, for people."""

    def reload(self) -> None:
        """Have it read the password file again; removed users are thrown out."""

    def alive(self) -> bool:
        """Tell whether it still runs."""

    def stop(self) -> None:
        """Stop it and wait until its port is free."""
