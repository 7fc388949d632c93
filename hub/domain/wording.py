"""Amounts and dates in the words of slips and reasons."""


def money(amount: int, scale: int) -> str:
    """Write minor units with `scale` decimals and thousands parted: 120400 at 2 is `1,204.00`."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 10**scale)
    return f"{sign}{whole:,}.{part:0{scale}d}" if scale else f"{sign}{whole:,}"
