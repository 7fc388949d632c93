"""From checked rules to what runs: packed bytes, signatures, their check, and machine code."""
