"""Where a customer's goods go besides the customer's own address, and whose place that is.

The law has two cases. Goods that go to another business on the buyer's order count as supplied at
the buyer's own place, whatever the state. Goods that go to a place of the buyer count as supplied
there: one in another state is registered there by itself, and is a customer of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Final, NamedTuple

from hub.base.fields import Reason
from hub.desk.parties.model import cells
from hub.desk.parties.model.cells import CellError
from hub.desk.parties.model.gst import STATES, read_gstin, read_pin, read_state

FIELDS: Final = ("name", "gstin", "address", "city", "pin", "state", "contact", "phone")
REQUIRED: Final = ("address", "city", "pin", "state")
_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "gstin": read_gstin,
    "pin": read_pin,
    "state": read_state,
    "phone": cells.read_phone,
    "address": lambda text: cells.read_text(text, most=300),
}
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {"state": STATES}


@dataclass(frozen=True, slots=True)
class Address:
    """A place where goods go: of another business where it has a name, else of the customer."""

    name: str = ""
    gstin: str = ""
    address: str = ""
    city: str = ""
    pin: str = ""
    state: str = ""
    contact: str = ""
    phone: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """Give its fields as texts."""
        return asdict(self)


class NamedAddress(NamedTuple):
    """An address with the customer's code for it."""

    code: str
    address: Address

    @property
    def label(self) -> str:
        """Write the address in one line: `GODOWN: 9 Ring Road, Mandya 571401`."""
        one = self.address
        town = " ".join(filter(None, (one.city, one.pin)))
        return f"{self.code}: {', '.join(filter(None, (one.name, one.address, town)))}"


def read_address(
    texts: Mapping[str, str], *, home_state: str | None
) -> tuple[Address, tuple[Reason, ...]]:
    """Read an address from texts; `home_state` is that of the customer, None where unknown."""
    values: dict[str, str] = {}
    faults = [
        Reason("field_unknown", {"value": name}, name) for name in texts if name not in FIELDS
    ]
    for name in FIELDS:
        text = texts.get(name, "")
        if not cells.clean(text):
            if name in REQUIRED:
                faults.append(Reason("cell_empty", {}, name))
            continue
        try:
            values[name] = _READERS.get(name, cells.read_text)(text)
        except CellError as error:
            faults.append(error.reason._replace(field=name))
    read = Address(**values)
    if read.gstin and not read.name:
        faults.append(Reason("address_gstin_unnamed", {}, "name"))
    if read.gstin and read.state and read.gstin[:2] != read.state:
        params = {"gstin": read.gstin[:2], "state": read.state}
        faults.append(Reason("gstin_state_differs", params, "gstin"))
    if read.state and not read.name and home_state and read.state != home_state:
        params = {"state": read.state, "home": home_state}
        faults.append(Reason("address_other_state", params, "state"))
    return read, tuple(faults)
