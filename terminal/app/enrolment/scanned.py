"""An enrolment slip that is scanned at a counter that sells: it ends the counter's run."""


class ClaimScannedError(Exception):
    """An enrolment slip was scanned: it ends the run."""


def leaves_of(group: BaseExceptionGroup[ClaimScannedError]) -> list[ClaimScannedError]:
    """Give the exceptions of a group, however deep they stand."""
    found: list[ClaimScannedError] = []
    for one in group.exceptions:
        found += leaves_of(one) if isinstance(one, BaseExceptionGroup) else [one]
    return found
