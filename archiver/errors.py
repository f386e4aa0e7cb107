"""What stops a command, as one tree; the class decides the exit code.

    ArchiverError                 1   something was found wrong
    ├── TamperedError             1   a verifier's step found something that is not as it was written
    ├── UsageError                2   the command's words make no sense
    │   └── UnknownPostError      2   no post by that number, id or permalink
    ├── DataRefusedError         65   a foreign, newer or damaged archive is left as it is
    ├── StorageError             74   the disk or the file system said no
    ├── BusyError                75   another writer holds the archive: try again
    └── ConfigurationError       78   the configuration file, every mistake at once

An expected failure of the network or of an article is a value, not one of these.
"""

from __future__ import annotations


class ArchiverError(Exception):
    """Something was found wrong; the message is one clear line that names what, and the mend."""

    exit_code = 1


class TamperedError(ArchiverError):
    """Something is not as it was written. `step` names what found it; `found` says what, in one line."""

    def __init__(self, step: str, found: str) -> None:
        self.step = step
        self.found = found
        super().__init__(f"{step}: {found}")


class UsageError(ArchiverError):
    """The command's words make no sense."""

    exit_code = 2


class UnknownPostError(UsageError):
    """The archive holds no post by that number, id or permalink."""


class DataRefusedError(ArchiverError):
    """The archive is foreign, newer than this program, or damaged; it is left as it is."""

    exit_code = 65


class StorageError(ArchiverError):
    """The disk or the file system said no."""

    exit_code = 74


class BusyError(ArchiverError):
    """Another writer holds the archive; nothing was half written."""

    exit_code = 75


class ConfigurationError(ArchiverError):
    """The configuration cannot be used. `problems` has a line for each mistake."""

    exit_code = 78

    def __init__(self, problems: list[str]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(self.problems))
