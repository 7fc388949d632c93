"""Chooses which copy of the firmware starts, and goes back to the one before where it fails.

Beside the copy that a board came with, in its image or in `/firmware`, there are two places for
updates, `/a` and `/b`. An update is started on trial: it has so many starts to be heard by a
broker, else the copy before it starts again. This module is never updated; no order is touched.
"""

import json
import os
import sys

TRIAL_STARTS = 3
_FILE = "/slots"
_PLACES = ("/a", "/b")


def begin(root: str) -> None:
    """Count a start on trial, go back where it was the last one, and let imports find the copy."""
    told = state_of(root)
    if "trial" in told:
        if told["trial"] >= TRIAL_STARTS:
            failed = told.get("failed", []) + [told["hash"]]
            told = {"now": told["before"], "hash": told["hash_before"], "failed": failed[-4:]}
            print("warning the update failed: back to", told["now"] or "the first copy")
        else:
            told["trial"] += 1
        _keep(root, told)
    if told["now"]:
        sys.path.insert(0, root + told["now"])


def failed(root: str, error: Exception) -> None:
    """Start again where a copy on trial ended by an error; raises the error of any other copy."""
    if "trial" not in state_of(root):
        raise error
    sys.print_exception(error)  # type: ignore[attr-defined]
    run_again()


def run_again() -> None:
    """Start the machine anew; on a computer, end: whoever started it starts it again."""
    if sys.platform in ("esp32", "rp2"):
        import machine

        machine.reset()
    sys.exit(3)


def state_of(root: str) -> "dict[str, Any]":
    """Tell which copy is chosen: `now` is its place, empty for the first; `hash` its update's."""
    try:
        with open(root + _FILE) as stream:
            told = json.loads(stream.read())
        if told["now"] in _PLACES + ("",):
            return told
    except (OSError, ValueError, KeyError, TypeError):
        pass  # there never was an update, or nobody knows any more: the first copy always works
    return {"now": "", "hash": ""}


def free_place(root: str) -> str:
    """Name the place that an update may be written to: the one that does not run."""
    return _PLACES[1] if state_of(root)["now"] == _PLACES[0] else _PLACES[0]


def choose(root: str, place: str, digest: str) -> None:
    """Have the copy at a place start next, on trial."""
    told = state_of(root)
    _keep(
        root,
        {
            "now": place,
            "hash": digest,
            "before": told["now"],
            "hash_before": told["hash"],
            "trial": 0,
            "failed": told.get("failed", []),
        },
    )


def confirm(root: str) -> None:
    """Keep the copy that runs: it was heard by a broker."""
    told = state_of(root)
    if "trial" in told:
        kept = {"now": told["now"], "hash": told["hash"], "failed": told["failed"]}
        _keep(root, kept)


def _keep(root: str, told: "dict[str, Any]") -> None:
    with open(root + _FILE + ".new", "w") as stream:
        stream.write(json.dumps(told))
    os.rename(root + _FILE + ".new", root + _FILE)
