"""The Debian package of a terminal: its program, its libraries and its service in one file."""

from terminal.app.package.build import ARCHITECTURES, PackageError, build_package, build_tree

__all__ = ["ARCHITECTURES", "PackageError", "build_package", "build_tree"]
