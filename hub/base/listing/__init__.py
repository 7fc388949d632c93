"""Lists: what is wanted of one, and a page of it that is found by key."""

from hub.base.listing.paging import Slice, page_of
from hub.base.listing.wanted import Place, Sorting, Wanted

__all__ = ["Place", "Slice", "Sorting", "Wanted", "page_of"]
