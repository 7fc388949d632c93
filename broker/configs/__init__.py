"""Templates for a broker of your own: Mosquitto with TLS, and EMQX; see README.md here."""
