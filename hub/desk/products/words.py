"""Words of products: the sentences of why something was not done."""

from typing import Final

from hub.base.words import Look
from rules import ReasonCode, register

SOLD: Final = Look("product_status.active", "ow-good", "check")
STOPPED: Final = Look("product_status.stopped", "ow-quiet", "ban")

register(
    ReasonCode("cell_not_hsn", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_packs", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_price", {"value": "code"}, "rejects"),
    ReasonCode("gtin_of_no_pack", {"gtin": "code", "pack": "code"}, "rejects"),
    ReasonCode("gtin_taken", {"gtin": "code", "sku": "code"}, "rejects"),
    ReasonCode("gtin_twice", {"gtin": "code"}, "rejects"),
    ReasonCode("maximum_below_reorder", {"reorder": "count", "maximum": "count"}, "rejects"),
    ReasonCode("product_not_found", {"sku": "code"}, "rejects"),
    ReasonCode("replacement_unknown", {"sku": "code"}, "rejects"),
    ReasonCode("row_check_digit", {"code": "code", "right": "code"}, "rejects"),
    ReasonCode("row_digits_lost", {"code": "code"}, "rejects"),
    ReasonCode("row_no_quantity", {"product": "name"}, "rejects"),
    ReasonCode("row_two_quantities", {"product": "name", "numbers": "codes"}, "rejects"),
    ReasonCode("row_unit", {"product": "name", "unit": "code", "units": "codes"}, "rejects"),
    ReasonCode("row_unknown", {"code": "code"}, "rejects"),
    ReasonCode("sku_taken", {"sku": "code", "other": "code"}, "rejects"),
    ReasonCode("variant_of_nothing", {"variant": "name"}, "rejects"),
)
