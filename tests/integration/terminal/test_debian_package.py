"""The Debian package: built, unpacked beside the machine's own files, and taken to an order."""

import re
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from simulators.devices import SimulatedPrinter, SimulatedScanner
from terminal.app.package import build_package
from terminal.app.package.build import NAME
from tests.fixtures.hub_process import HubProcess
from tests.fixtures.new_device import NewDevice
from tests.scenarios.test_enrolment import claim

pytestmark = [
    pytest.mark.needs("debian python 3.11"),
    pytest.mark.xdist_group("debian package"),
    pytest.mark.timeout(600),  # pip may have to fetch what goes into it
]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it for this machine."""
    folder = tmp_path_factory.mktemp("package")
    return build_package(folder, architecture="amd64", python="3.11", version=version("orderwire"))


@pytest.fixture(scope="module")
def unpacked(package: Path) -> Path:
    """Unpack it as dpkg does, into a folder instead of the machine."""
    root = package.parent / "root"
    subprocess.run(["dpkg-deb", "-x", package, root], check=True)
    return root


@pytest.fixture
def device(unpacked: Path, tmp_path: Path) -> Iterator[NewDevice]:
    """Give a device whose program is the package's."""
    with SimulatedScanner() as scanner, SimulatedPrinter.on_tcp() as printer:
        program = (str(unpacked / "usr" / "bin" / NAME),)
        one = NewDevice(tmp_path / "device", scanner, printer, command=program)
        yield one
        one.stop()


def dpkg(root: Path, *arguments: str) -> str:
    """Run dpkg on the machine in a folder; what the package depends on is not in there."""
    done = subprocess.run(
        [
            *("dpkg", "--root", str(root), "--force-script-chrootless"),
            *("--force-depends", "--force-architecture", *arguments),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def machine_in(folder: Path) -> Path:
    """Lay out a machine on which nothing is installed yet."""
    for name in ("etc", *(f"var/lib/dpkg/{one}" for one in ("info", "updates", "triggers"))):
        (folder / name).mkdir(parents=True)
    for name in ("status", "available"):
        (folder / "var/lib/dpkg" / name).touch()
    (folder / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\n")
    (folder / "etc/group").write_text("root:x:0:\ndialout:x:20:\ninput:x:101:\n")
    return folder


@pytest.mark.needs("root", "systemd")
@pytest.mark.parametrize(("architecture", "code"), [("amd64", 62), ("arm64", 183)])
def test_dpkg_installs_it_with_its_user_and_service_and_removes_it_but_for_its_records(
    architecture: str, code: int, package: Path, tmp_path: Path
) -> None:
    """The numbers are those of the two machines in the head of an ELF file."""
    if architecture not in package.name:
        now = version("orderwire")
        package = build_package(tmp_path, architecture=architecture, python="3.11", version=now)
    root = machine_in(tmp_path / "root")
    service = root / "etc/systemd/system/multi-user.target.wants" / f"{NAME}.service"

    dpkg(root, "--install", str(package))
    standing = dpkg(root, "--status", NAME)
    users = (root / "etc/passwd").read_text() + (root / "etc/group").read_text()
    is_started = service.is_symlink()
    libraries = root / "usr/lib" / NAME
    machines = {one.read_bytes()[18] for one in libraries.rglob("*.so")}
    compiled = len(list(libraries.rglob("*.pyc")))
    told = root / "etc/orderwire/terminal.toml"
    records = root / "var/lib" / NAME / "terminal.db"
    records.parent.mkdir(parents=True)
    records.touch()
    dpkg(root, "--remove", NAME)

    assert "Status: install ok installed" in standing
    assert f"Architecture: {architecture}" in standing
    assert "/var/lib/orderwire-terminal:/usr/sbin/nologin" in users
    assert re.findall(r"^(dialout|input):.*:orderwire$", users, re.MULTILINE) == [
        "dialout",
        "input",
    ]
    assert (is_started, machines, compiled > 500) == (True, {code}, True)
    assert records.exists()
    assert told.exists()
    assert not service.is_symlink()
    assert not libraries.exists()


def test_the_package_says_what_it_needs_and_keeps_what_people_change(package: Path) -> None:
    control = subprocess.run(
        ["dpkg-deb", "-f", package], check=True, capture_output=True, text=True
    ).stdout
    listed = subprocess.run(
        ["dpkg-deb", "-c", package], check=True, capture_output=True, text=True
    ).stdout
    kept = subprocess.run(
        ["dpkg-deb", "-I", package, "conffiles"], check=True, capture_output=True, text=True
    ).stdout

    assert "Architecture: amd64" in control
    assert "Depends: python3 (>= 3.11), python3 (<< 3.12), passwd, libfribidi0\n" in control
    assert "Recommends: fonts-noto-core, network-manager" in control
    assert kept == "/etc/orderwire/terminal.toml\n"
    assert f"./lib/systemd/system/{NAME}.service" in listed
    assert "/hub/" not in listed
    assert not [line for line in listed.splitlines() if line.split()[1] != "root/root"]


def test_an_unpacked_package_is_enrolled_and_confirms_an_order(
    hub_process: HubProcess, device: NewDevice
) -> None:
    slip = claim(hub_process, "shop-9")
    device.start()
    device.until_asking()

    device.scanner.scan(slip)
    device.until_ready()
    device.until_selling()
    device.scanner.scan("TEA")
    device.scanner.scan("OW-SUBMIT")

    assert "Second Shop" in device.until_printed("CONFIRMED", "Tea")
    assert device.run("doctor").returncode == 0


def test_the_service_s_user_may_join_networks_and_do_nothing_else(unpacked: Path) -> None:
    rules = (unpacked / "usr/share/polkit-1/rules.d" / f"50-{NAME}.rules").read_text()
    service = (unpacked / "lib/systemd/system" / f"{NAME}.service").read_text()
    (user,) = re.findall(r"^User=(.*)$", service, re.MULTILINE)

    assert re.findall(r'subject\.user === "([^"]*)"', rules) == [user]
    assert set(re.findall(r'"(org\.[^"]*)"', rules)) == {
        "org.freedesktop.NetworkManager.network-control",
        "org.freedesktop.NetworkManager.settings.modify.system",
        "org.freedesktop.NetworkManager.wifi.scan",
    }
    assert "AF_UNIX" in service  # the bus by which NetworkManager is asked


@pytest.mark.needs("systemd")
def test_the_service_is_one_that_systemd_takes(unpacked: Path, tmp_path: Path) -> None:
    shipped = unpacked / "lib" / "systemd" / "system" / f"{NAME}.service"
    unit = tmp_path / f"{NAME}.service"
    program = unpacked / "usr" / "bin" / NAME
    unit.write_text(shipped.read_text().replace(f"/usr/bin/{NAME}", str(program)))

    checked = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )

    closed = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=25", shipped],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.returncode, checked.stderr) == (0, "")
    assert closed.returncode == 0, closed.stdout[-200:]


def run_script(
    package: Path, name: str, *, said: str, root: Path, path: str = "/usr/bin:/bin"
) -> str:
    """Run a script of the package as dpkg does, on a machine in a folder; gives what it printed."""
    folder = package.parent / "scripts"
    if not folder.exists():
        subprocess.run(["dpkg-deb", "-e", package, folder], check=True)
    done = subprocess.run(
        ["sh", folder / name, said],
        check=True,
        capture_output=True,
        text=True,
        env={"DPKG_ROOT": str(root), "PATH": path},
    )
    return done.stdout + done.stderr


def test_modules_are_compiled_once_for_a_service_that_cannot_write_and_leave_nothing(
    package: Path, tmp_path: Path
) -> None:
    subprocess.run(["dpkg-deb", "-x", package, tmp_path], check=True)
    modules = set(tmp_path.rglob("*.py"))

    # What was taken back half-way is compiled as well: these words add no user to this machine.
    printed = run_script(package, "postinst", said="abort-upgrade", root=tmp_path)
    compiled = {
        path.parent.parent / path.name.replace(".cpython-311.pyc", ".py")
        for path in tmp_path.rglob("*.pyc")
    }
    printed += run_script(package, "prerm", said="upgrade", root=tmp_path)

    assert compiled == modules
    assert modules
    assert set(tmp_path.rglob("*.py")) == modules
    assert not list(tmp_path.rglob("__pycache__"))
    assert printed == ""


def test_a_service_that_cannot_be_enabled_leaves_the_package_installed_and_says_what_to_do(
    package: Path, tmp_path: Path
) -> None:
    root = machine_in(tmp_path / "root")
    (root / "etc/passwd").write_text("orderwire:x:999:999::/var/lib:/usr/sbin/nologin\n")
    unable = tmp_path / "bin" / "systemctl"
    unable.parent.mkdir()
    unable.write_text("#!/bin/sh\necho System has not been booted with systemd >&2\nexit 1\n")
    unable.chmod(0o755)

    path = f"{unable.parent}:/usr/bin:/bin"
    printed = run_script(package, "postinst", said="configure", root=root, path=path)

    assert "enable it by hand: systemctl enable orderwire-terminal.service" in printed
