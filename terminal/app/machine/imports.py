"""Imports first what others import with more than a terminal needs: 0.2 MiB less of a counter.

`msgspec` brings what makes JSON Schemas of types, which is asked for by documentation alone, and
`zoneinfo` all settings that Python was built with.
"""

from terminal.app.machine.memory import finding_zones_as_usual, importing_without

with importing_without("msgspec.inspect"):
    import msgspec  # noqa: F401 -- so that whoever imports it next finds it without

with finding_zones_as_usual(), importing_without("sysconfig"):
    import zoneinfo  # noqa: F401 -- likewise
