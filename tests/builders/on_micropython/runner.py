"""Runs the cases of one module on MicroPython: a line of JSON for each, its name and its fault."""

import io
import json
import sys

names = {"__name__": "cases"}
with open(sys.argv[1]) as source:
    exec(source.read(), names)
for name in sorted(names):
    if name.startswith("test_"):
        fault = io.StringIO()
        try:
            names[name]()
        except Exception as error:
            sys.print_exception(error, fault)
        print(json.dumps([name, fault.getvalue()]))
