"""What a hub is told: its settings; `portal` reads what they name of the portal of e-invoices."""

from hub.run.config.settings import (
    FILE,
    PREFIX,
    ConfigError,
    Settings,
    Sourced,
    default_folder,
    read_settings,
    settings_of,
    sourced,
)

__all__ = [
    "FILE",
    "PREFIX",
    "ConfigError",
    "Settings",
    "Sourced",
    "default_folder",
    "read_settings",
    "settings_of",
    "sourced",
]
