"""HTTPS in the shop's own network: certificates, and the command that makes them."""
