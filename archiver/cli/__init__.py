"""The command line: one file a command, each an `add` and an `execute`."""
