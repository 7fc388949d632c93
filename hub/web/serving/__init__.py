"""The pages' server: its thread, and the connections that it keeps, drops or turns away."""
