"""MRP stage: what is printed on a product, and that no line is sold above it.

The law of some countries, India's for one, forbids to sell above the maximum retail price that is
printed on a pack, which includes tax.
"""

from rules.engine.inputs import Product
from rules.stages.run import Line, Run
from rules.values.reasons import Params
from rules.values.rounding import extend_down
from rules.values.units import Minor, UnitPrice


def printed_price(run: Run, line: Line, product: Product) -> UnitPrice | None:
    """Give the MRP of the batch that a line asks for, else the product's."""
    for batch in (run.facts.batches or {}).get(line.sku, ()):
        if batch.id == line.batch and batch.mrp is not None:
            return batch.mrp
    return product.mrp


def check_mrp(run: Run) -> None:
    """Hold or refuse an order with a line that costs more, with its tax, than is printed on it."""
    for line in run.sold:
        if line.mrp is not None and (line.above_mrp or run.pack.above_mrp) != "allow":
            _check(run, line, line.mrp)


def check_batch_mrp(run: Run) -> None:
    """Look at the batches that were picked: each may have an MRP of its own.

    A price that was made from one MRP is not silently asked for goods that bear another.
    """
    if not run.printed:
        return
    lines = {line.number: line for line in run.sold}
    for part, mrp in run.printed:
        line = lines.get(part.number)
        if part.free or line is None or mrp == line.mrp:
            continue
        if line.of_mrp and line.mrp is not None:
            params: Params = {"batch": part.batch, "mrp": mrp, "priced_from": line.mrp}
            run.hold(run.explain("mrp", "mrp_differs", params, line=line.number))
        elif (line.above_mrp or run.pack.above_mrp) != "allow":
            _check(run, line, mrp, batch=part.batch)


def _check(run: Run, line: Line, mrp: UnitPrice, *, batch: str = "") -> None:
    most = extend_down(mrp, line.quantity, run.pack.scale)
    if line.total <= most:
        return
    name = line.product.name if line.product else line.sku
    params: Params = {
        "quantity": line.quantity,
        "product": name,
        "total": line.total,
        "bound": ["mrp.batch", {"batch": batch, "mrp": mrp}]
        if batch
        else ["mrp.product", {"mrp": mrp}],
        "most": most,
    }
    above = Minor(line.total - most)
    reason = run.explain("mrp", "above_mrp", params, line=line.number, amount=above)
    if (line.above_mrp or run.pack.above_mrp) == "reject":
        run.reject(reason)
    else:
        run.hold(reason)
