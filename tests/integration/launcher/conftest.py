"""What the tests of the launcher ask for."""

from pathlib import Path

import pytest

from tests.builders.launcher_project import LauncherProject


@pytest.fixture
def project(tmp_path: Path) -> LauncherProject:
    """A project that nobody has set up yet."""
    return LauncherProject(tmp_path)
