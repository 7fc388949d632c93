"""What terminals sent and are sent, as rows: inbox, outbox, presence, refusals, enrolment."""
