"""Which test breaks a promise that the books of the audit's own tests cannot break."""

from typing import Final

PLANTED_ELSEWHERE: Final = {
    "stored_whole": "test_damaged_files.py test_the_audit_tells_of_a_row_that_points_to_nothing",
    "kept_files": "test_record_files.py"
    " test_the_audit_names_files_that_are_gone_or_have_other_bytes",
    "credit_limit": "test_audit.py test_an_order_confirmed_above_the_limit_is_found",
    "retraces": "test_audit.py test_a_decision_of_an_earlier_engine_that_was_changed_is_found",
    "pack_chain": "test_packs.py test_the_audit_finds_a_version_out_of_its_turn",
    "leases_held": "test_lease_sums.py test_leases_without_a_counter_are_found",
    "nothing_forgotten": "test_taking_back.py"
    " test_a_terminal_that_is_ahead_is_asked_and_named_until_it_gave_all",
    "leases_bounded": "test_lease_sums.py test_the_audit_finds_more_leased_than_there_is",
    **dict.fromkeys(
        (
            *("delivery_numbers", "delivery_planned", "delivery_sent", "delivery_ends"),
            *("delivery_moves", "delivery_orders", "delivery_address", "delivery_proof"),
        ),
        "test_deliveries.py test_a_tampered_row_of_a_delivery_is_named_by_its_promise",
    ),
    "target_versions": "test_targets.py"
    " test_the_audit_names_a_target_that_its_versions_do_not_tell_of",
    **dict.fromkeys(
        (
            *("given_billed", "given_worth", "claimed_once", "claim_lines", "claim_owed"),
            *("claim_shorts", "claim_series"),
        ),
        "test_claims.py test_a_tampered_row_of_a_claim_is_named_by_its_promise",
    ),
    "supplier_returns": "test_supplier_returns.py"
    " test_the_audit_names_a_return_to_a_supplier_without_its_number",
    **dict.fromkeys(
        ("einvoice_own", "einvoice_cancelled", "einvoice_job"),
        "test_registrations.py test_the_audit_names_what_the_portal_has_otherwise",
    ),
    **dict.fromkeys(
        ("note_signs", "debit_settled"),
        "test_debit_notes.py test_the_audit_names_a_line_below_zero_and_a_debit_note_nobody_paid",
    ),
    "kept_sums": "test_kept_sums.py test_the_audit_names_sums_that_are_not_what_orders_have",
    "bank_booked": "test_bank.py test_the_audit_names_a_row_that_is_booked_as_other_money",
    "return_notes": "test_returns.py test_the_audit_names_a_return_without_its_credit_notes",
    "partner_links": "test_partners.py"
    " test_the_audit_names_a_link_that_was_used_when_it_opened_nothing",
    **dict.fromkeys(
        ("interaction_told", "photo_told"),
        "test_field_rep.py test_the_audit_names_what_a_rep_saw_without_the_entry_that_told_of_it",
    ),
    **dict.fromkeys(
        ("visit_begun", "field_order", "field_money", "field_brought"),
        "test_field.py"
        " test_the_audit_names_a_visit_without_its_entry_and_what_an_entry_made_that_is_gone",
    ),
}
"""Promises that need another market to be broken, with the test that breaks each."""
