"""What a process that takes orders counts: orders, refusals, time, what waits, whose terminals."""

from broker.contract.topics import SHARDS
from broker.link.hub_link import HubLink
from hub.desk.terminals.intake.intake import Intake
from hub.run.operating.metrics import Figure
from hub.run.operating.sharing import SharedShards


def figures_of_intake(intake: Intake, link: HubLink, shards: SharedShards | None) -> list[Figure]:
    """Give the figures; without `shards` the process decides for every terminal."""
    count = intake.counts
    return [
        Figure(
            "orderwire_orders_total",
            "counter",
            "Order messages dealt with, repeats among them.",
            lambda: count["orders"],
        ),
        Figure(
            "orderwire_orders_refused_total",
            "counter",
            "Order messages that were refused.",
            lambda: count["refused"],
        ),
        Figure(
            "orderwire_groups_total",
            "counter",
            "Groups of orders that were committed together.",
            lambda: count["groups"],
        ),
        Figure(
            "orderwire_deciding_seconds_total",
            "counter",
            "Time that groups of orders took, commits and answers included.",
            lambda: intake.deciding_s,
        ),
        Figure(
            "orderwire_statuses_total",
            "counter",
            "Statuses heard of terminals.",
            lambda: count["statuses"],
        ),
        Figure(
            "orderwire_messages_waiting",
            "gauge",
            "Messages that wait to be dealt with.",
            lambda: intake.waiting,
        ),
        Figure(
            "orderwire_broker_connected",
            "gauge",
            "1 while the broker is connected.",
            link.connected.is_set,
        ),
        Figure(
            "orderwire_shards_held",
            "gauge",
            "Shards of terminals that are decided here.",
            lambda: SHARDS if shards is None else len(shards.held),
        ),
    ]
