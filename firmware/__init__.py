"""The counter on a microcontroller: the same promises as `terminal`, in MicroPython."""
