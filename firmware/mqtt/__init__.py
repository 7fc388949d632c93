"""An MQTT 3.1.1 client that is bounded in memory and knows nothing of orders."""
