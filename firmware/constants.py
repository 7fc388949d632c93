"""What both ends of the wire agree on; written by docs/renew_firmware.py, not by hand."""

VERSION = 1
MAX_LINES = 500
MAX_COUPONS = 16
MAX_QUANTITY = 1000000
USUAL_QUANTITY = 1000
MAX_UP_BYTES = 131072
MAX_PACKET_BYTES = 262144
SHARDS = 16
HUB_STATUS = "ow/v1/hub/status"
TERMINAL_TOPIC = "ow/v1/{}/t/{}/{}/{}"
UP_KINDS = (
    "order",
    "ack",
    "status",
    "log",
    "kept",
    "ask",
)
DOWN_KINDS = (
    "answer",
    "notice",
    "cmd",
)
DOWN_TYPES = (
    "answer",
    "refused",
    "reply",
    "notice",
    "config",
    "halt",
    "hub_status",
)
STATUSES = (
    "confirmed",
    "confirmed_changed",
    "held",
    "rejected",
    "cancelled",
)
ENVELOPE_FIELDS = (
    "type",
    "v",
    "id",
    "term",
    "boot",
    "seq",
    "at",
    "ref",
    "data",
)
SHEET_COMMANDS = (
    "SUBMIT",
    "UNDO",
    "REMOVE",
    "CANCEL",
    "REPEAT",
    "BATCH",
    "CASH",
    "CREDIT",
    "ADVANCE",
    "ENTER",
    "PRICE",
    "PRICE-SLIP",
    "STOCK",
    "NEAR",
    "BALANCE",
    "OPEN",
    "LAST",
    "CANCEL-ORDER",
    "SIGN-OUT",
    "REPRINT",
    "STATUS",
    "HELP",
    "TEST",
    "RULER",
    "SHEET",
    "VOLUME",
    "WIFI",
    "UPDATE",
    "ENROL",
    "CANCEL-ORD",
)
SHEET_NAMING = (
    "UNIT",
    "BATCH",
    "COUPON",
    "FREE",
    "OPERATOR",
    "CUSTOMER",
)
SHEET_QUANTITIES = (
    2,
    3,
    5,
    6,
    10,
    12,
    24,
    100,
)
FOLLOW = "/follow/"
SOFTWARE_FORMAT = 1
SOFTWARE_SIGNED_AS = "terminal software"
ORDER_FIELDS = (
    "order",
    "number",
    "customer",
    "operator",
    "payment",
    "lines",
    "coupons",
    "choices",
    "quote",
    "captured_at",
    "mono_ms",
    "clock_trusted",
)
LINE_FIELDS = (
    "line",
    "sku",
    "qty",
    "unit",
    "batch",
)
ACK_FIELDS = (
    "order",
    "revision",
)
STATUS_FIELDS = (
    "state",
    "queued",
    "oldest_ms",
    "printer",
    "slips_waiting",
    "catalogue",
    "pack",
    "facts",
    "software",
    "pack_reason",
    "leases",
    "language",
    "card",
    "numbered_to",
    "kept",
    "start",
    "halted",
    "pack_version",
    "counter",
    "cards",
    "update",
    "diagnoses",
    "rotates",
)
LOG_FIELDS = (
    "level",
    "code",
    "text",
    "order",
)
UPDATE_FIELDS = (
    "number",
    "machine",
    "python",
    "manifest",
    "state",
    "code",
    "text",
)
MANIFEST_FIELDS = (
    "format",
    "number",
    "version",
    "machine",
    "python",
    "bundle",
    "size",
)
