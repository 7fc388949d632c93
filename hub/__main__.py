"""`python -m hub`: the hub's command line.

What is imported stays for good: the collector of garbage does not look through it, neither while
it is made, which is a sixth of a start, nor ever after.
"""

import gc
import sys

gc.disable()
from hub.run.command_line import main, parser  # noqa: E402  # see above

gc.freeze()
gc.enable()

__all__ = ["main", "parser"]

if __name__ == "__main__":
    sys.exit(main())
