"""Webhooks: other programs are told of what happens, signed, in the Standard Webhooks form."""
