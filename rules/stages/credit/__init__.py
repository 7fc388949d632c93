"""Credit and approvals: who may buy on account, up to what, and who releases what is held."""
