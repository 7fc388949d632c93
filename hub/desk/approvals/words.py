"""Words of approvals: what people said, and who decides."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ANSWERS: Final[Mapping[str, str]] = MappingProxyType(
    {"yes": "said yes", "no": "said no", "counter": "offered something else"}
)


def role(name: str) -> str:
    """Say a role's name in words: `area_manager` is `area manager`."""
    return name.replace("_", " ")
