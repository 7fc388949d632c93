"""What can go wrong in the engine; business refusals are results, not errors."""


class PackLoadError(Exception):
    """Packed bytes cannot be used: not a pack, another format, or a newer engine is needed."""


class PackTooNewError(PackLoadError):
    """A pack is of a later format, or needs a later engine, than this one is."""


class RuleFailedError(Exception):
    """A rule could not be evaluated; the order is held and `rule` named."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(f"rule {rule} failed")
