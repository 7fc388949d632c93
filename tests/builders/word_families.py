"""The families of words that pages say by a code, each with its codes, as the code has them."""

from typing import Final, get_args, get_type_hints

from hub.base.jobs.posting import WHYS as POST_WHYS
from hub.base.papers import SIZES
from hub.desk.accounts.model import BUCKETS as AGE_BUCKETS
from hub.desk.accounts.model import PAYMENT_WORDS
from hub.desk.accounts.model import DocumentKind as AccountKind
from hub.desk.approvals.model import Word
from hub.desk.assistant.model.lexicon import MEANINGS
from hub.desk.assistant.model.replies import Why
from hub.desk.bank.model.matching import BYS as BANK_BYS
from hub.desk.bank.model.reading import DAY_ORDERS
from hub.desk.bank.words import LOOKS as BANK_LOOKS
from hub.desk.claims.model import STATES as CLAIM_STATES
from hub.desk.claims.model import VALUED as CLAIM_VALUED
from hub.desk.claims.model import VALUES as CLAIM_VALUES
from hub.desk.deliveries.model.life import SHORT_REASONS
from hub.desk.deliveries.model.outcome import LINE_REASONS
from hub.desk.field.model.entries import CONDITIONS, MISS_REASONS, NOT_ENDED, NOTE_KINDS, OUTCOMES
from hub.desk.field.model.entries import KINDS as ENTRY_KINDS
from hub.desk.field.pages.phone import APP_WORDS
from hub.desk.imports.model import DATES, Action, State
from hub.desk.imports.store import KINDS as IMPORT_KINDS
from hub.desk.invoices.model.billing import KINDS as INVOICE_KINDS
from hub.desk.invoices.model.billing import SERIES as LETTERHEAD_SERIES
from hub.desk.invoices.model.crediting import SHELVES
from hub.desk.invoices.model.gst_return import PARTS as GST_PARTS
from hub.desk.invoices.model.registration import MENDS as EINVOICE_MENDS
from hub.desk.invoices.model.registration import UNNEEDED as EINVOICE_UNNEEDED
from hub.desk.invoices.pages.listing import READY as READY_TO_BILL
from hub.desk.invoices.words import SERIES_KINDS
from hub.desk.notices.model import CHANNELS, EVENTS, GATHERS, PERSON_EVENTS, RECEIVERS, UNSENT
from hub.desk.notices.model import FAULTS as NOTICE_FAULTS
from hub.desk.orders.model.life import PUBLIC
from hub.desk.orders.model.request import CAUSES, SOURCES
from hub.desk.orders.pages.listing import PERIODS
from hub.desk.parties.model.addresses import FIELDS as ADDRESS_FIELDS
from hub.desk.parties.model.customers import ROLES as CUSTOMER_ROLES
from hub.desk.parties.model.fields import ASSORTED, OUTLET_CLASSES, PARTY_COLUMNS, PROFILE_COLUMNS
from hub.desk.parties.model.fields import FIELDS as CUSTOMER_FIELDS
from hub.desk.parties.model.fields import NO_AMOUNT as CREDIT_WORDS
from hub.desk.parties.reads.letterheads import LETTERHEAD
from hub.desk.payments.model import MODES as PAYMENT_MODES
from hub.desk.payments.pages.taking import FIELDS as PAYMENT_FIELDS
from hub.desk.payments.pages.taking import GIVEN_BACK
from hub.desk.people.model.accounts import ROW_KINDS
from hub.desk.people.model.faults import FAULTS
from hub.desk.people.model.reporting import MEASURES
from hub.desk.products.model.fields import FIELDS as PRODUCT_FIELDS
from hub.desk.reports.model.forms import GROUPS, REPORTS
from hub.desk.reports.model.measures import MEASURES as REPORT_MEASURES
from hub.desk.reports.model.periods import PERIODS as REPORT_PERIODS
from hub.desk.reports.model.schedules import EVERY, FAILURES
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.rulepacks.model.packed import EventKind
from hub.desk.stock.model.heads import HEAD_FIELDS
from hub.desk.stock.model.levels import FIELDS as LEVEL_FIELDS
from hub.desk.stock.model.lines import ROW_FIELDS
from hub.desk.stock.model.moves import COLUMNS, WAYS, DocumentKind
from hub.desk.stock.model.moves import REASONS as STOCK_REASONS
from hub.desk.stock.pages.listing import STATES as STOCK_STATES
from hub.desk.stock.words import DOCUMENTS
from hub.desk.targets.model import GOODS as TARGET_GOODS
from hub.desk.targets.model import KINDS as TARGET_KINDS
from hub.desk.targets.model import SPANS as TARGET_SPANS
from hub.desk.terminals.model.cards import CARD_FAULTS
from hub.desk.terminals.model.counters import NOTICES as COUNTER_NOTICES
from hub.desk.terminals.model.counters import SETTINGS as COUNTER_SETTINGS
from hub.desk.terminals.model.diagnoses import DIAGNOSIS_FAULTS
from hub.desk.terminals.model.enrolment import FAULTS as ENROL_FAULTS
from hub.desk.terminals.model.enrolment import ClaimLook
from hub.desk.terminals.model.rotations import ROTATION_STATES
from hub.desk.terminals.model.sample import OWN_KINDS, SAMPLE_FAULTS
from hub.desk.terminals.model.software import BOARDS, SOFTWARE_FAULTS, STAGES
from hub.desk.terminals.reads.awaited import Why as AwaitedWhy
from hub.desk.webhooks.model import EVENTS as WEBHOOK_EVENTS
from hub.desk.workdays.model import MARKS as WORKDAY_MARKS
from rules import LANGUAGES
from rules.language.vocabulary import LINTS
from rules.stages.credit.approval_state import ApprovalState

FAMILIES: Final[dict[str, set[str]]] = {
    "ask_example": {"sales", "stock", "owed", "hindi"},
    "ask_section": set(MEANINGS),
    "ask_unread": {"words", "report", "name", "days", "outside"},
    "ask_why": set(get_args(Why)),
    "insight": {
        *("title", "risen", "fallen", "credit_status", "low_stock_status", "low_stock_any"),
        *("batch_expiry_expiring_within_days", "scheme_performance_status", "targets_status"),
    },
    "insight_kind": {"moved", "crossed", "coming"},
    "pack_figure": {
        *(f"free_{key}" for key in ("every", "give", "max")),
        *(f"slabs_{key}" for key in ("from", "percent", "amount", "cap")),
        *(f"limit_{key}" for key in ("limit", "total", "open_orders", "deliveries")),
        *(f"limit_{key}" for key in ("invoices", "cheques")),
    },
    "schedule_every": set(EVERY),
    "schedule_why": set(FAILURES),
    "access_by": {"claim", "file"},
    "access_state": {"given", "revoked"},
    "enrolment_state": set(get_args(ClaimLook)),
    "enrol_fault": set(ENROL_FAULTS),
    "diagnosis_state": {"asked"},
    "rotation_state": set(ROTATION_STATES),
    "diagnosis_fault": set(DIAGNOSIS_FAULTS),
    "terminal_field": {"claim", "access", "diagnosis", "rotation", "customer", "warehouse"},
    "account_basis": {"due", "day"},
    "account_bucket": set(AGE_BUCKETS),
    "account_kind": set(get_args(AccountKind)),
    "bank_by": set(BANK_BYS),
    "bank_dates": {one or "file" for one in DAY_ORDERS},
    "bank_found": set(BANK_LOOKS),
    "ago": {"now", "s", "min", "h", "d", "wk"},
    "approval_answer": set(get_args(Word)),
    "approval_state": set(get_args(get_type_hints(ApprovalState)["state"])),
    "awaited_why": set(get_args(AwaitedWhy)),
    "board": set(BOARDS),
    "cause": set(CAUSES),
    "counter_field": {*COUNTER_SETTINGS, "serves", "group"},
    "counter_notices": set(COUNTER_NOTICES),
    "group_field": {"name", *COUNTER_SETTINGS},
    "card_fault": set(CARD_FAULTS),
    "software_fault": set(SOFTWARE_FAULTS),
    "update_field": {"stage", "share", "most_failed"},
    "update_stage": set(STAGES),
    "credit_state": {*CREDIT_WORDS, "amount"},
    "customer_choice": {
        f"{one.name}_{code}" for one in CUSTOMER_FIELDS.values() for code in one.choices
    },
    "customer_field": {
        *("code", "why", "joined"),
        *(*CUSTOMER_ROLES, *CUSTOMER_FIELDS, *PARTY_COLUMNS, *PROFILE_COLUMNS),
    },
    "address_field": set(ADDRESS_FIELDS),
    "import_action": set(get_args(Action)),
    "notice_channel": set(CHANNELS),
    "notice_fault": set(NOTICE_FAULTS),
    "notice_gather": set(GATHERS),
    "notice_unsent": {one.replace(" ", "_") for one in UNSENT},
    "series_kind": set(SERIES_KINDS),
    "gst_part": set(GST_PARTS),
    "notice_event": set(EVENTS),
    "notice_receiver": set(RECEIVERS),
    "person_event": set(PERSON_EVENTS),
    "import_dates": set(DATES),
    "import_kind": set(IMPORT_KINDS),
    "import_state": set(get_args(State)),
    "einvoice_mend": set(EINVOICE_MENDS),
    "einvoice_why": {*EINVOICE_UNNEEDED, "unsent"},
    "invoice_kind": set(INVOICE_KINDS),
    "invoice_ready": set(READY_TO_BILL),
    "invoice_shelf": set(SHELVES),
    "invoice_title": set(INVOICE_KINDS),
    "outlet_class": {*OUTLET_CLASSES, "none"},
    "beat_field": {"name", "active", "outlets", "walked"},
    "field_app": set(APP_WORDS),
    "field_entry": set(ENTRY_KINDS),
    "field_note": set(NOTE_KINDS),
    "goods_condition": set(CONDITIONS),
    "leave_state": {"asked", "granted", "refused"},
    "missed_reason": set(MISS_REASONS),
    "survey_field": {"title", "until"},
    "task_field": {"owner", "due", "done"},
    "visit_ordered": {"yes", "no"},
    "visit_outcome": {*OUTCOMES, NOT_ENDED},
    "workday_column": set(IMPORT_KINDS["workdays"].spec.fields),
    "workday_field": {*WORKDAY_MARKS, "week"},
    "workday_mark": set(WORKDAY_MARKS),
    "weekday": {str(day) for day in range(7)},
    "letterhead_field": {
        *LETTERHEAD,
        *(f"prefix_{kind}" for kind in LETTERHEAD_SERIES),
    },
    "mapping_role": set(CUSTOMER_ROLES),
    "price_field": set(IMPORT_KINDS["prices"].spec.fields),
    "level_field": set(IMPORT_KINDS["levels"].spec.fields),
    "webhook_event": {one.replace(".", "_") for one in WEBHOOK_EVENTS},
    "webhook_field": {"name", "url", "kinds", "active", "secret"},
    "webhook_why": {"off", "no_right", *POST_WHYS},
    "target_field": set(IMPORT_KINDS["targets"].spec.fields),
    "target_goods": set(TARGET_GOODS),
    "target_kind": set(TARGET_KINDS),
    "target_span": set(TARGET_SPANS),
    "target_state": {"stands", "withdrawn"},
    "opening_stock": set(IMPORT_KINDS["stock"].spec.fields),
    "order_import": set(IMPORT_KINDS["orders"].spec.fields),
    "opening_field": set(IMPORT_KINDS["openings"].spec.fields),
    "paid": set(PAYMENT_WORDS),
    "payment_field": set(PAYMENT_FIELDS),
    "payment_hint": {"reference", "paid_on", "collector"},
    "refund_field": {*GIVEN_BACK, "out_of"},
    "payment_left": {"yes"},
    "payment_mode": set(PAYMENT_MODES),
    "payment_title": {"payment", "refund", "write_off"},
    "product_choice": set(PRODUCT_FIELDS["active"].choices),
    "product_field": {"sku", "why", "cost", *PRODUCT_FIELDS},
    "same": {"gstin", "phone", "name", "near"},
    "delivery_end": {"lines", "refused", "closed_shop"},
    "delivery_late": {"yes"},
    "delivery_rest": {"close", "again"},
    "claim_state": set(CLAIM_STATES),
    "claim_value": set(CLAIM_VALUES),
    "claim_valued": set(CLAIM_VALUED),
    "paper_language": set(LANGUAGES),
    "paper_size": set(SIZES),
    "delivery_reason": set(LINE_REASONS),
    "pick_short": set(SHORT_REASONS),
    "public": set(PUBLIC),
    "days": {str(days) for days in (*PERIODS, 0)},
    "month": {str(month) for month in range(1, 13)},
    "pack_event": set(get_args(EventKind)),
    "doubted": {*LINTS, "fact_not_kept"},
    "source": set(SOURCES),
    "span": {"s", "min", "h", "d", "wk"},
    "step": {"L", "Cr", "K", "M", "B"},
    "told": {"answer", "notice", "seq"},
    "user_fault": set(FAULTS),
    "user_field": {
        *("roles", "active", "shown", "language", "one_time", "second_factor"),
        *("reports_to", "stand_in", "rows", "link"),
        *(f"ceiling_{measure}" for measure in MEASURES),
    },
    "user_state": {"active", "ended"},
    "ceiling": set(MEASURES),
    "assorted": set(ASSORTED),
    "row_kind": set(ROW_KINDS),
    "me_done": {"password", "stand_in"},
    "step_title": {"code", "password", "factor"},
    "step_text": {"code", "password", "factor"},
    "setup_step": {"house", "store", "goods", "rules"},
    "setup_stage": {"house", "store", "goods", "rules", "counter"},
    "setup_tax": {"gst", "none"},
    "sample_fault": set(SAMPLE_FAULTS),
    "sample_own": set(OWN_KINDS),
    "batch_field": {"manufactured", "expiry", "status"},
    "stock_bucket": set(COLUMNS),
    "stock_field": {*HEAD_FIELDS, *ROW_FIELDS, *LEVEL_FIELDS, "category", "amount", "recount"},
    "stock_figure": {
        *("on_hand", "reserved", "available", "inbound", "in_transit", "damaged", "quarantine"),
    },
    "stock_filter": set(STOCK_STATES),
    "stock_how": set(WAYS),
    "stock_kind": {
        *(*get_args(DocumentKind), "opening", "correction"),
        *("dispatch", "delivery", "back", "loss", "damage"),
    },
    "stock_late": {"yes"},
    "stock_left": {"all", "reserved"},
    "stock_reason": set(STOCK_REASONS),
    "stock_state": set(DOCUMENTS),
    "setup_fault": {"name", "zone", "code", "currency", "taxes", "home", "below"},
    "compared": {"now", "before", "year_before"},
    "decision": {"pending", "approved", "rejected"},
    "held_age": {str(step) for step in range(5)},
    "measure": set(REPORT_MEASURES),
    "measure_said": set(REPORT_MEASURES),
    "report_name": set(REPORTS),
    "report_by": {one.by for one in REPORTS.values() if one.dated},
    "report_area": {one.area for one in DEFINITIONS.values()},
    "report_fact": {
        *("order_day", "customer", "reason", "since", "status", "sku", "warehouse", "batch"),
        *("movement", "expiry", "credit_state", "answer", "decided_by", "presence", "code"),
        *("document_day", "due", "receipt_day", "mode", "collector", "note_day", "note_state"),
        *("brought_day", "billed_day", "paid_day", "last_order"),
        *("aimed", "span", "begins", "pace"),
    },
    "report_filter": {name for one in REPORTS.values() for name in one.filters},
    "report_grain": {*GROUPS, "low", "movement", "decision", "cover", "target"},
    "report_period": set(REPORT_PERIODS),
    "report_said": set(DEFINITIONS),
    "report_status": {
        *(word for one in REPORTS.values() if one.name != "approvals" for word in one.statuses),
    },
}
"""The words that pages find by a code, and all codes that there are."""
OPEN_FAMILIES: Final = {"customer_type", "label", "pack_held", "refused", "role", "software_why"}
"""Those whose codes others may add to, as rule packs do to roles: such a code is shown itself."""
OF_REASONS: Final = {"outcome", "payment", "stage"}
"""The families that the catalogues of reasons word for pages too, with each of their codes."""
JOINERS: Final = "list"
"""The family of what stands between the members of lists, from the same catalogues."""
