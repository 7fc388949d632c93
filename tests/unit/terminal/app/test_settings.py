"""Settings: file, variables, defaults, and every fault at once."""

from pathlib import Path

import pytest

from terminal.app.settings import SettingsError, load_settings

HOME = Path("/home/somebody")
LEAST = 'id = "shop-1"\npassword = "secret"\n'


def written(folder: Path, text: str) -> Path:
    """Write a settings file."""
    path = folder / "counter.toml"
    path.write_text(text)
    return path


def test_the_least_file_gives_the_defaults(tmp_path: Path) -> None:
    settings, _ = load_settings(written(tmp_path, LEAST), {}, home=HOME)

    assert (settings.id, settings.broker.port, settings.printer.kind) == ("shop-1", 1883, "none")
    assert settings.data == HOME / ".local/share/orderwire/terminal/shop-1"
    assert settings.queued_after_s == 4.0


def test_a_variable_wins_over_the_file_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, LEAST + '[broker]\nhost = "hub.local"\nport = 1884\n')
    environ = {"ORDERWIRE_TERMINAL_BROKER_PORT": "8883", "ORDERWIRE_TERMINAL_PAGE_PORT": "8800"}

    settings, sources = load_settings(path, environ, home=HOME)

    assert (settings.broker.host, settings.broker.port, settings.page.port) == (
        "hub.local",
        8883,
        8800,
    )
    found = {item.name: item.source for item in sources}
    assert found["broker.host"] == "counter.toml"
    assert found["broker.port"] == "ORDERWIRE_TERMINAL_BROKER_PORT"
    assert found["printer.kind"] == "default"


@pytest.mark.parametrize(("written_as", "on"), [("true", True), ("False", False)])
def test_a_switch_can_be_set_by_a_variable(tmp_path: Path, written_as: str, on: bool) -> None:  # noqa: FBT001
    environ = {"ORDERWIRE_TERMINAL_SCANNER_BELL": written_as}

    settings, _ = load_settings(written(tmp_path, LEAST), environ, home=HOME)

    assert settings.scanner.bell == on


@pytest.mark.parametrize(
    ("line", "language"), [("", "en"), ('language = "hi"\n', "hi"), ('language = "ar"\n', "ar")]
)
def test_slips_are_english_unless_the_file_says_otherwise(
    tmp_path: Path, line: str, language: str
) -> None:
    settings, _ = load_settings(written(tmp_path, LEAST + line), {}, home=HOME)

    assert settings.language == language


def test_a_language_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="language: 'tlh' is not one of en, hi, ar, ta"):
        load_settings(written(tmp_path, LEAST + 'language = "tlh"\n'), {}, home=HOME)


def test_a_counter_has_up_to_three_scanners_and_each_says_what_it_lacks(tmp_path: Path) -> None:
    text = LEAST + '[scanner]\nkind = "serial"\npath = "/dev/ttyACM0"\n[scanner_3]\nkind = "tcp"\n'
    environ = {
        "ORDERWIRE_TERMINAL_SCANNER_3_HOST": "192.168.1.60",
        "ORDERWIRE_TERMINAL_SCANNER_3_PORT": "2001",
    }

    settings, _ = load_settings(written(tmp_path, text), environ, home=HOME)

    assert [one.kind for one in settings.scanners] == ["serial", "tcp"]
    assert (settings.scanner_3.host, settings.scanner_3.port) == ("192.168.1.60", 2001)
    with pytest.raises(SettingsError) as raised:
        load_settings(written(tmp_path, text + '[scanner_2]\nkind = "keyboard"\n'), {}, home=HOME)
    assert [fault.split(":")[1] for fault in raised.value.faults] == [
        " scanner_2.device",
        " scanner_3.host, port",
    ]


def test_the_password_is_never_shown(tmp_path: Path) -> None:
    _, sources = load_settings(written(tmp_path, LEAST), {}, home=HOME)

    assert next(item.value for item in sources if item.name == "password") == "(set)"
    assert not any("secret" in item.value for item in sources)


def test_the_data_folder_follows_the_platform_and_the_command_line(tmp_path: Path) -> None:
    path = written(tmp_path, LEAST)

    platform, _ = load_settings(path, {"XDG_DATA_HOME": "/data"}, home=HOME)
    told, _ = load_settings(path, {}, data=tmp_path / "here", home=HOME)

    assert platform.data == Path("/data/orderwire/terminal/shop-1")
    assert told.data == tmp_path / "here"


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'id = "Shop One"\ncolour = "red"\n[broker]\nport = "many"\nhots = "x"\n'
        '[printer]\nkind = "laser"\n[scanner]\nbell = "loud"\n',
    )

    with pytest.raises(SettingsError) as caught:
        load_settings(path, {}, home=HOME)

    text = "\n".join(caught.value.faults)
    for named in ("colour", "hots", "port", "laser", "loud", "Shop One", "password"):
        assert named in text


@pytest.mark.parametrize("text", ["id = ", "broker = 5\n" + LEAST])
def test_a_file_that_is_no_settings_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError):
        load_settings(written(tmp_path, text), {}, home=HOME)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        load_settings(tmp_path / "nowhere.toml", {}, home=HOME)


ENROLLED = 'id = "shop-9"\npassword = "own"\nhub = "http://hub:8080"\n[broker]\nhost = "hub"\n'


def test_what_the_hub_told_at_the_enrolment_counts_more_than_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, LEAST + '[broker]\nhost = "old"\nport = 1884\n')
    path.with_suffix(".enrolled.toml").write_text(ENROLLED)

    settings, sources = load_settings(path, {}, home=HOME)

    assert (settings.id, settings.password, settings.hub) == ("shop-9", "own", "http://hub:8080")
    assert (settings.broker.host, settings.broker.port) == ("hub", 1884)
    assert settings.is_enrolled
    assert {one.name: one.source for one in sources}["id"].endswith(".enrolled.toml")


def test_a_variable_counts_more_than_what_the_hub_told(tmp_path: Path) -> None:
    path = written(tmp_path, LEAST)
    path.with_suffix(".enrolled.toml").write_text(ENROLLED)

    settings, _ = load_settings(path, {"ORDERWIRE_TERMINAL_BROKER_HOST": "here"}, home=HOME)

    assert settings.broker.host == "here"


def test_the_settings_may_name_the_file_of_the_enrolment(tmp_path: Path) -> None:
    kept = tmp_path / "state" / "kept.toml"
    kept.parent.mkdir()
    kept.write_text(ENROLLED)
    path = written(tmp_path, f'enrolled = "{kept}"\n')

    settings, _ = load_settings(path, {}, home=HOME)

    assert settings.id == "shop-9"


def test_only_a_device_that_is_being_enrolled_may_have_no_id_and_password(tmp_path: Path) -> None:
    path = written(tmp_path, 'language = "hi"\n')

    settings, _ = load_settings(path, {}, home=HOME, enrolling=True)

    assert not settings.is_enrolled
    with pytest.raises(SettingsError, match="terminal setup"):
        load_settings(path, {}, home=HOME)
