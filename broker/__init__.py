"""The wire: message contract, MQTT link and the brokers that carry it."""
