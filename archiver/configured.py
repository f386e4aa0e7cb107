"""The configuration as a command finds it: a file, and what the environment overrides."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from archiver.config import Config, parse
from archiver.errors import ConfigurationError


def load_config(path: str | Path, environ: Mapping[str, str] | None = None) -> Config:
    """Read a configuration file, with what the environment overrides. Raises ConfigurationError."""
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
        mode = file.stat().st_mode & 0o777
    except UnicodeDecodeError:
        raise ConfigurationError([f"{file}: not UTF-8"]) from None
    except OSError as error:
        raise ConfigurationError([f"{file}: {error.strerror or error}"]) from None
    surroundings = os.environ if environ is None else environ
    folder = file.absolute().parent
    config = parse(text, origin=str(file), folder=folder, environ=surroundings)
    if mode & 0o077 and _holds_secrets(config, surroundings):
        raise ConfigurationError(
            [f"{file}: holds credentials and may be read by others: chmod 600, or set them by the environment"]
        )
    return config


def _holds_secrets(config: Config, environ: Mapping[str, str]) -> bool:
    """Whether a credential stands in the file itself, and not in the environment."""
    return any(f"ARCHIVER_{'__'.join(path)}".upper() not in environ for path in config.secrets)
