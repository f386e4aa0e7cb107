"""What Datasette is given to show an archive: descriptions, queries and a function that unpacks contents."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
METADATA = HERE / "metadata.json"
PLUGINS = HERE / "plugins"


def words(database: Path, port: int) -> list[str]:
    """What `datasette` is called with: read-only, on this machine's own address."""
    return [
        *("serve", str(database), "--host", "127.0.0.1", "--port", str(port)),
        *("--metadata", str(METADATA), "--plugins-dir", str(PLUGINS)),
        *("--setting", "allow_download", "off"),
    ]
