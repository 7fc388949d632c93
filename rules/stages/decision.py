"""A finished run as a result, of which is written out what somebody reads."""

from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

from rules.engine.hashing import price_hash, result_hash
from rules.engine.result import (
    CounterChange,
    LineAmount,
    NearMiss,
    Outcome,
    PricedLine,
    Reason,
    Result,
)
from rules.stages.run import Run
from rules.stages.schemes.bounds import counter_changes
from rules.stages.taxes import tax_sums
from rules.stages.telling.priced_lines import amounts_of, priced_lines
from rules.stages.telling.trying import Trier
from rules.stages.trace import Encode, as_json, gifts_of, moved, told_of, written_out
from rules.values.units import Minor

_NO_CHANGES: Final[tuple[CounterChange, ...]] = ()


class Decision(Result):
    """A result whose lines, trace and hashes are made when they are first asked for.

    The run behind it does not change any more; `shown` is the run before stock cut anything.
    """

    __slots__ = ("_run", "_shown")

    @staticmethod
    def of(run: Run, shown: Run) -> "Decision":
        """Take what decides at once: outcome, reasons, sums, batches and counters."""
        decision = object.__new__(Decision)
        put = object.__setattr__
        put(decision, "_run", run)
        put(decision, "_shown", shown)
        put(decision, "outcome", outcome_of(run))
        put(decision, "reasons", run.reasons)
        put(decision, "free", tuple(run.free))
        put(decision, "totals", run.totals)
        put(decision, "allocations", () if run.rejected else tuple(run.allocations))
        put(decision, "shorts", tuple(run.shorts))
        put(decision, "changes", _NO_CHANGES if run.rejected else counter_changes(run))
        put(decision, "approvals", tuple(run.approvals))
        return decision

    def amounts(self) -> dict[int, LineAmount]:
        """Give what every line with a price comes to, by its number; no line is written out."""
        return amounts_of(self._run)

    def tax_sums(self) -> dict[tuple[str, int], int]:
        """Give what the taxes of all lines come to, by head and rate; no line is written out."""
        run: Run = self._run
        return tax_sums(run.lines)

    def earners(self) -> tuple[tuple[int, ...], ...]:
        """Give the numbers of the lines that earned each of the free goods."""
        run: Run = self._run
        return tuple(tuple(line.number for line in group) for group in run.earners)

    def told(self, codes: Collection[str]) -> list[Reason]:
        """Give the steps of these codes; the others are not written out for that."""
        run: Run = self._run
        return told_of(run.rows, codes)

    def trace_as_json(self, encode: Encode) -> bytes:
        """Give the trace as JSON, without its being written out."""
        run: Run = self._run
        return as_json(run.rows, encode)

    def moved(self) -> Iterator[tuple[str, str, Minor]]:
        """Give the code, the rule and the amount of every step that has one, without parameters."""
        run: Run = self._run
        return moved(run.rows)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (a field of any type)
        """Write a field out; only what was not asked for before comes here."""
        write = _WRITERS.get(name)
        if write is None:
            raise AttributeError(name)
        value = write(self)
        object.__setattr__(self, name, value)
        return value

    def _lines(self) -> tuple[PricedLine, ...]:
        return priced_lines(self._run)

    def _trace(self) -> tuple[Reason, ...]:
        run: Run = self._run
        return written_out(run.rows)

    def _near_misses(self) -> tuple[NearMiss, ...]:
        run: Run = self._run
        misses: list[NearMiss] = []
        foresight = Trier(run)
        for told in run.nearly:
            misses.extend(told(foresight))
        return tuple(misses)

    def _price_hash(self) -> str:
        shown: Run = self._shown
        lines = self.lines if shown is self._run else priced_lines(shown)
        return price_hash(lines, shown.free, shown.totals, currency=shown.pack.currency)

    def _result_hash(self) -> str:
        run: Run = self._run
        settled = self.price_hash
        if self._shown is not run:
            settled = price_hash(self.lines, run.free, run.totals, currency=run.pack.currency)
        return result_hash(self, settled, gifts_of(run.rows))


_WRITERS: Final[dict[str, Callable[[Decision], object]]] = {
    "lines": Decision._lines,  # noqa: SLF001 (its own)
    "trace": Decision._trace,  # noqa: SLF001
    "near_misses": Decision._near_misses,  # noqa: SLF001
    "price_hash": Decision._price_hash,  # noqa: SLF001
    "result_hash": Decision._result_hash,  # noqa: SLF001
}


def outcome_of(run: Run) -> Outcome:
    """Give what the gravest reason makes of an order."""
    if run.refusals:
        return "reject"
    return "hold" if run.holds else "accept"
