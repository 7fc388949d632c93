"""The field for programs: what was done in it, and the beats that are planned."""

from hub.desk.field.api import beats, seen

ROUTERS = (seen.router, beats.router)
