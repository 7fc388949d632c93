"""The pages of the field: the phone's own, and those of who plans and looks on."""
