"""The launcher's first start: whole, or made good by the next one, whatever came between."""

import shutil
import subprocess
import sys
import time

import pytest

from tests.builders.launcher_project import DEADLINE_S, LauncherProject, cut, wait_until

FILES_OF_A_SET_UP = 1900
"""Somewhat less than a whole .venv of the small project has."""
WAYS = ("Ctrl-C", "SIGTERM", "SIGKILL", "power")
"""How a set-up is cut, one after the other, at moments spread over the whole."""
FirstStart = tuple[LauncherProject, subprocess.CompletedProcess[str]]


def is_usable(project: LauncherProject) -> bool:
    ran = project.run()
    return (ran.returncode, ran.stdout) == (0, "rules open\n")


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """A project that was started once, and what was said then."""
    project = LauncherProject(tmp_path_factory.mktemp("first"))
    return project, project.run()


@pytest.mark.xdist_group("first start")
def test_a_first_start_says_each_step_and_leaves_nothing_outside(first_start: FirstStart) -> None:
    project, ran = first_start

    assert (ran.returncode, ran.stdout) == (0, "rules open\n"), ran.stderr
    assert [f"{step} of 3" in ran.stderr for step in (1, 2, 3)] == [True, True, True]
    assert list(project.temporary.iterdir()) == []
    assert not (project.venv / ".tmp").exists()


@pytest.mark.xdist_group("first start")
def test_a_second_start_sets_nothing_up_again(first_start: FirstStart) -> None:
    project, _ = first_start

    ran = project.run()

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "rules open\n", "")


@pytest.mark.xdist_group("first start")
def test_what_is_added_to_a_whole_one_may_be_cut_too(first_start: FirstStart) -> None:
    project, _ = first_start
    project.lock("sim", "shop", "counter")
    started = project.start()
    wait_until(lambda: any((project.venv / "lib").rglob("counter/part*.py")))

    cut(started, "power")

    assert is_usable(project)
    assert any((project.venv / "lib").rglob("counter-1.dist-info"))


@pytest.mark.xdist_group("first start")
def test_a_project_that_was_moved_is_set_up_again(first_start: FirstStart) -> None:
    project, _ = first_start
    moved = project.root.with_name("moved")
    shutil.move(project.root, moved)
    project.root = moved
    project.lock("sim", "shop")

    assert is_usable(project)
    assert str(moved) in next(project.venv.rglob("orderwire.pth")).read_text()


def cut_at(project: LauncherProject, wanted: int, way: str) -> None:
    """Start a set-up, and cut it once it has made so many files."""
    began_ns = time.time_ns()
    started = project.start()
    made = 0

    def is_there() -> bool:
        nonlocal made
        made = project.files_since(began_ns)
        return made >= wanted or started.poll() is not None

    wait_until(is_there, lambda: f"{way}: {made} files of {wanted}, of a set-up that runs")
    assert started.poll() is None, (way, wanted, started.communicate())
    cut(started, way)


@pytest.mark.timeout(600)  # five set-ups, one after the other
def test_a_set_up_cut_in_any_way_at_any_moment_is_made_good_by_the_next(
    project: LauncherProject,
) -> None:
    for moment, way in enumerate(WAYS):
        wanted = 1 + FILES_OF_A_SET_UP * moment // len(WAYS)
        cut_at(project, wanted, way)

    assert is_usable(project)
    assert list(project.temporary.iterdir()) == []


def test_two_at_once_set_up_once(project: LauncherProject) -> None:
    with project.start() as first, project.start() as second:
        ended = [started.communicate(timeout=DEADLINE_S) for started in (first, second)]

    assert [said for said, _ in ended] == ["rules open\n", "rules open\n"]
    complaints = sorted(complaint.count("waiting for it") for _, complaint in ended)
    assert complaints == [0, 1]
    assert sum(complaint.count("set up in") for _, complaint in ended) == 1


def test_who_waits_sets_up_where_the_first_was_killed(project: LauncherProject) -> None:
    first = project.start()
    wait_until((project.venv / "bin").exists)
    with project.start() as second:
        assert second.stderr is not None
        assert "waiting for it" in second.stderr.readline()

        cut(first, "power")
        said, complained = second.communicate(timeout=DEADLINE_S)

    assert said == "rules open\n", complained
    assert "half made" in complained


def test_a_half_made_one_of_an_earlier_launcher_is_made_anew(project: LauncherProject) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", project.venv], check=True)

    ran = project.run()

    assert (ran.returncode, ran.stdout) == (0, "rules open\n")
    assert "half made" in ran.stderr
