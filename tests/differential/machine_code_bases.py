"""Names each class of ours that builds on a compiled one, which Python refuses only in use."""

import importlib
import inspect
import pkgutil
import sys

PACKAGES = ("rules", "broker", "hub", "terminal", "simulators")


def main() -> None:
    """Import all of ours, and print `class: base` for each interpreted class on a compiled base."""
    for package in PACKAGES:
        there = importlib.import_module(package)
        for found in pkgutil.walk_packages(there.__path__, f"{package}."):
            if not found.name.endswith("__main__") and ".migrations." not in found.name:
                importlib.import_module(found.name)
    for module in list(sys.modules.values()):
        if not _is_ours(module.__name__) or _is_compiled(module.__name__):
            continue
        for _, one in inspect.getmembers(module, inspect.isclass):
            if one.__module__ == module.__name__:
                for base in one.__mro__[1:]:
                    if _is_ours(base.__module__) and _is_compiled(base.__module__):
                        print(f"{module.__name__}.{one.__name__}: {base.__name__}")


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in PACKAGES


def _is_compiled(name: str) -> bool:
    return str(getattr(sys.modules.get(name), "__file__", "")).endswith(".so")


if __name__ == "__main__":
    main()
