"""Words of imports: the codes of what is wrong with a file."""

from rules import ReasonCode, register

register(
    ReasonCode("column_doubled", {"column": "code", "field": "code"}, "rejects"),
    ReasonCode("column_missing", {"column": "code"}, "rejects"),
    ReasonCode("opening_too_much", {"most": "code"}, "rejects"),
    ReasonCode("column_unknown", {"column": "code", "fields": "codes"}, "rejects"),
    ReasonCode("field_missing", {"field": "code"}, "rejects"),
    ReasonCode("import_order_held", {}, "tells"),
    ReasonCode("import_order_rejected", {}, "tells"),
    ReasonCode("price_list_unclear", {"lists": "codes"}, "rejects"),
    ReasonCode("price_list_unknown", {"list": "code", "lists": "codes"}, "rejects"),
    ReasonCode("price_no_pack", {}, "rejects"),
    ReasonCode("price_zero", {}, "rejects"),
    ReasonCode("row_beside", {"row": "count"}, "rejects"),
    ReasonCode("row_broken", {"text": "name"}, "rejects"),
    ReasonCode("row_differs", {"row": "count"}, "rejects"),
    ReasonCode("row_twice", {"key": "code", "row": "count"}, "rejects"),
    ReasonCode("rows_apart", {"key": "code"}, "rejects"),
)
