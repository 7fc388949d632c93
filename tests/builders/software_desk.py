"""An administrator at the command line of a hub that takes updates of terminals' software."""

import json
from typing import Any, Final

from tests.builders.updates import TRUSTED
from tests.fixtures.hub_process import HubProcess

WORD: Final = "quiet-river-stone"


class SoftwareDesk:
    """`hub software`, as asha types it."""

    def __init__(self, hub: HubProcess) -> None:
        self.hub = hub

    def software(self, *arguments: str, fails: bool = False) -> dict[str, Any]:
        """Run `hub software`; gives the update as it is then."""
        by = () if arguments[0] in {"show", "list"} else ("--by", "asha", "--password-stdin")
        done = self.hub.command("software", *arguments, *by, typed=f"{WORD}\n")
        assert bool(done.returncode) == fails, done.stderr
        if fails or arguments[0] in {"add", "list"}:
            return {"said": done.stdout.strip() or done.stderr.strip()}
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def states(self, name: str) -> dict[str, str]:
        """Give how far each terminal is with an update."""
        return {one["terminal"]: one["state"] for one in self.software("show", name)["terminals"]}


def desk_of(hub: HubProcess) -> SoftwareDesk:
    """Have a hub take updates from now on; gives the desk."""
    hub.stop()
    settings = hub.folder / "files" / "hub.toml"
    written = settings.read_text() if settings.exists() else ""
    settings.write_text(f'software_keys = "{TRUSTED}"\n{written}')
    hub.command("user", "add", "asha", "--role", "admin", "--password-stdin", typed=f"{WORD}\n")
    hub.start()
    return SoftwareDesk(hub)
