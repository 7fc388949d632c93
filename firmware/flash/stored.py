"""What the journal tells of an order and of its slip."""

NOWHERE = (-1, 0)


class Stored:
    """An order that was submitted here, or one of which the hub told news.

    `asked` and `answer` are places of records, or NOWHERE; `revision` is 0 without an answer. It
    `has_arrived` once a notice said that it was delivered, whatever later ones say.
    """

    def __init__(self, seq: int, order: str, number: str) -> None:
        self.seq = seq
        self.order = order
        self.number = number
        self.asked: tuple[int, int] = NOWHERE
        self.answer: tuple[int, int] = NOWHERE
        self.revision = 0
        self.status = "queued"
        self.has_arrived = False
        self.slip: Slip | None = None

    @property
    def is_waiting(self) -> bool:
        """Tell whether the hub has not answered yet."""
        return self.status == "queued"

    def became(self, head: dict) -> None:
        """Take how the order stands from the head of a record."""
        self.revision, self.status = head["revision"], head["status"]
        self.has_arrived = head.get("arrived", False)

    def said(self, journal: "Any") -> dict:
        """Say how far numbers went, and which revision was taken of an order whose records go."""
        return {
            "last": journal.last_seq,
            "slip": journal.last_slip,
            "unused_to": journal.unused_to,
            "seq": self.seq,
            "order": self.order,
            "number": self.number,
            "revision": self.revision,
            "status": self.status,
            "arrived": self.has_arrived,
        }


class Slip:
    """A slip to print: `kind` is `queued`, `answer`, `short`, `notice` or `refused`.

    `state` is `waiting`, `sent` (its first byte may have left), `printed` or `unknown`. It is
    `after_queued` where the slip QUEUED of its order may be on paper.
    """

    def __init__(self, number: int, kind: str, stored: Stored) -> None:
        self.number = number
        self.kind = kind
        self.stored = stored
        self.state = "waiting"
        self.copies = 0
        self.after_queued = False

    @property
    def is_waiting(self) -> bool:
        """Tell whether it is still to be printed, or to come out of the printer."""
        return self.state in ("waiting", "sent")

    def asked(self) -> dict:
        """Say that a slip QUEUED waits to be printed."""
        return {
            "slip": self.number,
            "kind": self.kind,
            "seq": self.stored.seq,
            "state": "waiting",
        }

    def as_it_is(self, state: str) -> dict:
        """Say what became of a slip."""
        return {"slip": self.number, "state": state, "copies": self.copies}

    def said(self) -> "Iterator[dict]":
        """Say all of it again: that a slip QUEUED waits, and what became of any slip."""
        if self.kind == "queued":
            yield self.asked()
        if self.state != "waiting":
            yield self.as_it_is(self.state)


def told_slip(stored: Stored) -> Slip:
    """Make the slip QUEUED of an order whose own was printed long ago, or is left out."""
    slip = Slip(0, "queued", stored)
    slip.state = "printed"
    return slip
