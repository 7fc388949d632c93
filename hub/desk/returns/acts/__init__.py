"""What is done with returns: taken, with credit notes for the invoices that the goods were of."""

from dataclasses import dataclass

from hub.desk.returns.acts.take_return import TakeReturn


@dataclass(frozen=True, slots=True)
class ReturnActs:
    """The acts of returns."""

    take: TakeReturn
