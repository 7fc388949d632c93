"""A first start that cannot be: one sentence that says what is wrong and what to do."""

import subprocess
from pathlib import Path

import pytest

from tests.builders.launcher_project import DEADLINE_S, LauncherProject

NO_INDEX = {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}


def in_namespace(project: LauncherProject, mount: str) -> subprocess.CompletedProcess[str]:
    """Start the launcher where, for it alone, its folder is mounted as said."""
    return subprocess.run(
        [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            f"{mount} && ./orderwire rules",
        ],
        cwd=project.root,
        env=project.environ({"PATH": f"{project.programs}:/usr/bin:/bin"}),
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE_S,
    )


def lock_a_package_of_the_index(project: LauncherProject, name: str) -> None:
    (project.root / "requirements" / f"{name}.txt").write_text(
        f"nobody-has-this==1 --hash=sha256:{'0' * 64}\n"
    )


def complaint(ran: subprocess.CompletedProcess[str]) -> str:
    """Give the last line, where the sentence is."""
    return ran.stderr.splitlines()[-1]


def test_without_a_network_the_index_is_named(project: LauncherProject) -> None:
    lock_a_package_of_the_index(project, "sim")

    ran = project.run("rules", **NO_INDEX)

    assert ran.returncode == 1
    assert "cannot be reached" in complaint(ran)
    assert "network" in complaint(ran)
    assert "Traceback" not in ran.stderr


def test_what_could_not_be_added_leaves_what_there_is_in_use(project: LauncherProject) -> None:
    project.run()
    lock_a_package_of_the_index(project, "compile")

    failed = project.run("compile", **NO_INDEX)
    ran = project.run()

    assert failed.returncode == 1
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "rules open\n", "")


def test_a_python_without_venv_names_the_package_that_brings_it(project: LauncherProject) -> None:
    python = project.programs / "python3"
    text = python.read_text()
    python.write_text(text.replace("exec", 'case "$*" in *ensurepip*) exit 1 ;; esac\nexec'))

    ran = project.run()

    assert ran.returncode == 1
    assert "apt-get install python3-venv" in complaint(ran)
    assert not project.venv.exists()


def test_a_machine_without_python_names_the_packages_that_bring_it(
    project: LauncherProject,
) -> None:
    (project.programs / "python3").unlink()

    ran = project.run()

    assert ran.returncode == 1
    assert "Python 3.11 or newer" in complaint(ran)
    assert "apt-get install python3" in complaint(ran)


@pytest.mark.needs("namespaces")
def test_a_full_disk_is_named_and_how_much_is_needed(
    project: LauncherProject, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    project.root.rename(kept)
    project.root.mkdir()
    mount = (
        f"mount -t tmpfs -o size=8m small . && cp -R {kept}/. {project.root} && cd {project.root}"
    )

    ran = in_namespace(project, mount)

    assert ran.returncode == 1
    assert "is full" in complaint(ran)
    assert "MB" in complaint(ran)
    assert "Traceback" not in ran.stderr


@pytest.mark.needs("namespaces")
def test_a_folder_that_cannot_be_written_is_named(project: LauncherProject) -> None:
    ran = in_namespace(project, "mount --bind . . && mount -o remount,bind,ro . && cd $PWD")

    assert ran.returncode == 1
    assert f"cannot write to {project.root}" in complaint(ran)


def test_a_first_compile_brings_what_the_rules_need(project: LauncherProject) -> None:
    project.lock("compile", "compiler_of_rules")

    project.run("compile", **NO_INDEX)
    ran = project.run()

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "rules open\n", "")


def test_a_part_that_apt_does_not_know_keeps_no_other_from_being_installed(
    project: LauncherProject, tmp_path: Path
) -> None:
    installed, apt = tmp_path / "installed", project.programs / "apt-get"
    apt.write_text(f"""#!/bin/sh
case "$*" in *headless*) echo "E: Unable to locate package"; exit 1 ;; esac
echo "$*" >>{installed}
""")
    (project.programs / "id").write_text("#!/bin/sh\necho 0\n")
    for program in (apt, project.programs / "id"):
        program.chmod(0o755)

    ran = project.run("test", "--quick")

    assert "chromium git openssl" in installed.read_text()
    assert "sudo apt-get install chromium-headless-shell" in ran.stderr
