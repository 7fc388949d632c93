"""What may go wrong in a simulation; every text is one for people."""


class ScenarioError(Exception):
    """The root of the tree: a scenario that could not go on."""


class InputFileError(ScenarioError):
    """A file that cannot be read at all; its text is one line and names the file."""


class UnavailableError(ScenarioError):
    """A folder or a port that cannot be had; its text names the option to choose another."""


class ChildError(ScenarioError):
    """A child that did not start or did not do what it was told."""


class SiteError(ScenarioError):
    """A command of the hub that failed; its text is what the command said."""


class MisreadError(ScenarioError):
    """A counter that did not take what was scanned; its text says what the screen said."""


class FleetError(ScenarioError):
    """A terminal that stopped, or did not come to rest in time; its text names it."""
