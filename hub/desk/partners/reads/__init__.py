"""What a partner reads: the first page, schemes, own stock; in the partner's scope."""
