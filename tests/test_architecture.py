"""The house stays the house: floors, rooms, who may import what, and the size of things."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "archiver"
FILES = sorted(PACKAGE.rglob("*.py"))

FLOORS = {
    0: ("model", "errors", "clock"),
    1: (
        *("verdicts", "episodes", "record", "steady", "breaker", "schedule"),
        *("digest", "urls", "permalinks", "checkpoints", "config"),
    ),
    2: ("articles", "embeds", "platforms", "web", "store"),
    3: ("scan", "check", "audit"),
    4: ("archive", "bagging", "catalogue", "configured", "custody", "evidence", "wiring"),
    5: ("cli", "daemon", "demo", "browse", "__main__"),
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}

EMBED_FLOORS = ("prefilter", "reading", "flattened", "elements", "shortcodes", "state")

# A library, and the only places that may import it.
ONLY_IN = {
    "httpx": ("web/",),
    "httpcore": ("web/",),
    "websockets": ("web/",),
    "sqlalchemy": ("store/", "articles/database.py"),
    "alembic": ("store/",),
    "bs4": ("embeds/", "platforms/"),
    "apscheduler": ("daemon.py",),
    "click": ("cli/", "__main__.py"),
    "rich": ("cli/",),
    "cryptography": ("checkpoints.py", "audit/stamping.py"),
    "rfc3161_client": ("audit/stamping.py",),
}


def place(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports(path: Path) -> Iterator[str]:
    """Every dotted name that a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place(path)}: imports are absolute"
            assert node.module
            yield node.module
            if node.module == "archiver":
                yield from (f"archiver.{alias.name}" for alias in node.names)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def own_room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=place)
def test_an_import_goes_down_or_sideways_within_one_room(path: Path) -> None:
    """No upward import, and no room of one floor imports another (floor 5 freely)."""
    here = own_room(path)
    if here == "__init__":
        return
    assert here in FLOOR_OF, f"{place(path)} stands in no room of the house"
    for dotted in imports(path):
        if not dotted.startswith("archiver."):
            continue
        there = room(dotted)
        if there in ("__version__", here):
            continue
        floor, below = FLOOR_OF[here], FLOOR_OF[there]
        sideways = floor == below and floor in (0, 1, 4, 5)
        assert below < floor or sideways, f"{place(path)} (floor {floor}) imports {dotted} (floor {below})"


@pytest.mark.parametrize("path", FILES, ids=place)
def test_a_library_is_imported_in_its_own_room_only(path: Path) -> None:
    """httpx in web/, SQLAlchemy in store/, BeautifulSoup in embeds/ and platforms/, APScheduler in daemon.py."""
    for dotted in imports(path):
        allowed = ONLY_IN.get(dotted.split(".")[0])
        assert allowed is None or place(path).startswith(allowed), f"{place(path)} imports {dotted}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "embeds").glob("*/*.py")), ids=place)
def test_the_rooms_of_embeds_stand_on_floors_of_their_own(path: Path) -> None:
    """What reads a source knows no form; a form knows those below it, and nothing of the search that asks it."""
    here = EMBED_FLOORS.index(path.parent.name)
    for dotted in imports(path):
        parts = dotted.split(".")
        if parts[:2] == ["archiver", "embeds"] and len(parts) > 2:
            assert parts[2] not in ("find", "forms"), f"{place(path)} imports {dotted}"
            above = EMBED_FLOORS[here + 1 :]
            assert parts[2] not in above, f"{place(path)} imports {dotted}"


def test_the_words_and_the_rules_are_pure() -> None:
    """Floor 0 imports the standard library only; floor 1 does no input or output and asks no clock."""
    forbidden = {"os", "io", "socket", "subprocess", "sqlite3", "threading", "time", "random"}
    for path in FILES:
        tops = {dotted.split(".")[0] for dotted in imports(path)}
        if FLOOR_OF.get(own_room(path)) == 1:
            assert not tops & forbidden, f"{place(path)} imports {tops & forbidden}"
            assert "datetime.now(" not in path.read_text(encoding="utf-8"), place(path)
        if own_room(path) == "model":
            assert not tops & (forbidden | {"httpx", "sqlalchemy", "bs4", "pydantic"}), place(path)


def test_no_import_circle() -> None:
    """Imports at module level form no circle between files."""
    graph: dict[str, set[str]] = {}
    names = {"archiver." + place(p).removesuffix(".py").removesuffix("/__init__").replace("/", "."): p for p in FILES}
    for name, path in names.items():
        graph[name] = {d for d in imports(path) if d in names and d != name}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name in done:
            return
        for other in graph[name]:
            visit(other, (*trail, name))
        done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("path", FILES, ids=place)
def test_files_and_functions_stay_small(path: Path) -> None:
    """A file has at most 300 lines (model 150), a function at most 40 without its docstring."""
    limit = 150 if own_room(path) == "model" else 300
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= limit, f"{place(path)} has {lines} lines"
    for node in functions(path):
        body = node.body[1:] if ast.get_docstring(node) else node.body
        length = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
        assert length <= 40, f"{place(path)}: {node.name} has {length} lines"


def test_complexity_is_held_by_the_linter() -> None:
    """Cyclomatic complexity above 10 is an error of the lint step."""
    settings = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "C90" in settings["select"]
    assert settings["mccabe"]["max-complexity"] == 10


@pytest.mark.parametrize("path", FILES, ids=place)
def test_names_say_something(path: Path) -> None:
    """No file, function or class is named by a word that says nothing."""
    banned = {"data", "info", "item", "object", "result", "value", "process", "handle"}
    banned |= {"manager", "helper", "helpers", "util", "utils", "misc", "common", "base", "do"}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    assert not banned & {path.stem.lower(), *(name.lower() for name in names)}, place(path)
