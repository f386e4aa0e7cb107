"""What stands in a bag: everything that its posts rest on, whole or not at all, the same bytes each time."""

from __future__ import annotations

import contextlib
import csv
import filecmp
import gzip
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from archiver.audit.bag.order import Counted, Order
from archiver.audit.bag.write import write
from archiver.errors import StorageError, UsageError
from archiver.model.listing import PostFilter
from archiver.model.verdict import State
from archiver.store import contents, removals
from archiver.store.tables import contents as content_rows
from archiver.store.transaction import Reader
from tests.audit.bag.conftest import ALIVE, BEFORE, FIRST, FORMULA, SECOND, SUSPENDED, TEXT, Desk
from tests.audit.bags import OWN, PY, SH, VERIFIERS, chain_by_hand, verify


def records(bag: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (bag / "data" / name).read_bytes().splitlines()]


def told(bag: Path) -> dict[str, str]:
    lines = (bag / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)


def tree(bag: Path) -> list[str]:
    return sorted(path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file())


def test_the_same_archive_gives_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    """No clock, no chance: two bags of one archive are equal file by file."""
    desk.room.archive.export_bag(tmp_path / "again")
    assert tree(desk.bag) == tree(tmp_path / "again")
    _, different, unreadable = filecmp.cmpfiles(desk.bag, tmp_path / "again", tree(desk.bag), shallow=False)
    assert (different, unreadable) == ([], [])


def test_the_bag_states_what_it_holds_and_what_it_leaves_out(desk: Desk, tmp_path: Path) -> None:
    """Per verdict: the archive, the bag, the filter."""
    assert told(desk.bag)["Filter"] == "none: every post of the archive"
    assert told(desk.bag)["Posts-deleted"] == "archive=2 bag=2 left-out=0"
    desk.room.archive.export_bag(tmp_path / "one", PostFilter(author="@Formula_Desk", verdict=(State.DELETED,)))
    one = told(tmp_path / "one")
    assert (one["Filter-Author"], one["Filter-Verdict"]) == ('"@Formula_Desk"', '"deleted"')
    assert one["Posts-deleted"] == "archive=2 bag=1 left-out=1"
    assert one["Posts-account_suspended"] == "archive=1 bag=0 left-out=1"


@pytest.mark.parametrize(
    "wanted",
    [
        PostFilter(verdict=(State.DELETED,)),
        PostFilter(author="second_desk"),
        PostFilter(article="river-report"),
        PostFilter(verdict=(State.PROTECTED,)),
    ],
    ids=("verdict", "author", "article", "nothing"),
)
@pytest.mark.parametrize("public", [False, True], ids=("auditor", "public"))
def test_a_filtered_bag_is_verified_as_well(desk: Desk, tmp_path: Path, wanted: PostFilter, public: bool) -> None:
    """All three verifiers; nothing that the ledger knows about its posts is left out."""
    bag = tmp_path / "bag"
    desk.room.archive.export_bag(bag, wanted, public=public)
    for verifier in VERIFIERS:
        judged = verify(verifier, bag, trust=desk.trust, held=desk.held)
        assert judged.code == 0, judged.words


def test_a_filtered_bag_carries_looks_accounts_and_controls_with_their_exchanges(desk: Desk, tmp_path: Path) -> None:
    """All looks at the post and its author, all that verdicts rest on, and the controls of those batches."""
    bag = tmp_path / "bag"
    desk.room.archive.export_bag(bag, PostFilter(author="formula_desk"))
    (post,) = records(bag, "posts.jsonl")
    looks = records(bag, "observations.jsonl")
    held = {each["observation"] for each in looks}
    own = {row.id for row in desk.room.rows("observations", subject_kind="post", subject_key=str(post["post"]))}
    assert own
    assert own <= held
    assert {number for each in post["verdicts"] for number in each["line"]["rests_on"]} <= held
    assert {each["line"]["subject_kind"] for each in looks} == {"post", "author", "control"}
    batches = {each["line"]["batch"] for each in looks}
    controls = {row.id for row in desk.room.rows("observations", subject_kind="control") if row.batch in batches}
    assert controls <= held
    asked = {each["exchange"] for look in looks for each in look["exchanges"]}
    assert asked == {row.id for row in desk.room.rows("exchanges") if row.observation in held}


def test_posts_are_lossless(desk: Desk) -> None:
    """Words, links, places, ids, all verdicts with the lines of the ledger."""
    post = next(each for each in records(desk.bag, "posts.jsonl") if each["native_id"] == FIRST)
    # Two endpoints are asked at once: whose answer came first is chance.
    assert f"{TEXT} https://t.co/SmplPict01" in [each["said"]["text"] for each in post["snapshots"]]
    assert post["author_name"] == FORMULA
    assert {each["article"]["location"] for each in post["embeds"]} == {
        "river-report.html", "market-day.html", "old-notes.txt"
    }  # fmt: skip
    assert [each["line"]["state"] for each in post["verdicts"]][-1] == "deleted"
    given = desk.room.verdicts(post["post"])
    assert [each["verdict"] for each in post["verdicts"]] == [each.verdict for each in given]


def test_a_report_is_written_into_the_bag_and_signed_with_it(desk: Desk, tmp_path: Path) -> None:
    """Whoever writes it is handed the same state of the archive, and the counts that the bag states."""

    def report(connection: Reader, path: Path, counted: Counted) -> None:
        path.write_text(f"<p>{counted.posts['deleted']} of {sum(counted.archived.values())}", encoding="utf-8")

    order = Order(PostFilter(), report, key=desk.trust, sign=desk.key.sign)
    write(desk.room.store, tmp_path / "bag", order, lambda rows, name: None)
    assert (tmp_path / "bag" / "data" / "report.html").read_text(encoding="utf-8") == "<p>2 of 5"
    assert verify(OWN, tmp_path / "bag", trust=desk.trust).code == 0


def test_a_public_bag_names_nobody_and_quotes_nothing(desk: Desk, tmp_path: Path) -> None:
    """Searched as bytes, compressed files too: no text, handle, name, permalink, payload or nonce."""
    bag = tmp_path / "public"
    desk.room.archive.export_bag(bag, PostFilter(author="formula_desk"), public=True)
    everything = b"".join(_unpacked(path) for path in bag.rglob("*") if path.is_file())
    with desk.room.store.reading() as connection:
        nonces = [row.nonce for row in connection.execute(content_rows.select())]
    for secret in (b"formula_desk", b"Sample", b"HYPERLINK", "نمونه".encode(), b"SmplPict01", b"1000000000000000077"):
        assert secret not in everything, secret
    assert not any(nonce in everything for nonce in nonces)
    assert "exchanges.warc.gz" not in str(tree(bag))
    (post,) = records(bag, "posts.jsonl")
    assert (post["native_id"], post["standing"]["state"]) == (FIRST, "deleted")
    assert all(set(each) == {"commitment", "content"} for each in records(bag, "contents.jsonl"))


def _unpacked(path: Path) -> bytes:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return b"".join(book.read(name) for name in book.namelist())
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


# strangers' tools


def test_strangers_tools_open_the_bag(desk: Desk) -> None:
    """bagit.py, sha256sum and openssl, as README.txt tells."""
    bagit = [sys.executable, "-m", "bagit", "--validate", str(desk.bag)]
    listed = ["sha256sum", "--strict", "-c", "--quiet", "manifest-sha256.txt"]
    key = f"data/checkpoints/keys/{desk.trust.partition(':')[2]}.pem"
    signed = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key]
    signed += ["-sigfile", "manifest-sha256.txt.sig", "-in", "manifest-sha256.txt"]
    assert key in (desk.bag / "data" / "README.txt").read_text(encoding="utf-8")
    for command in (bagit, listed, signed):
        done = subprocess.run(command, cwd=desk.bag, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_whole_chain_is_checked_by_hand_as_the_readme_tells(desk: Desk, tmp_path: Path) -> None:
    """split, sha256sum, sed and cmp; where one line was edited, the next does not follow it."""
    by_hand = chain_by_hand((desk.bag / "data" / "README.txt").read_text(encoding="utf-8"))
    (tmp_path / "data").mkdir()
    lines = (desk.bag / "data" / "ledger.jsonl").read_bytes()
    for kept, says in ((lines, "whole"), (lines.replace(b'"at":"2026', b'"at":"2025', 1), "differ")):
        (tmp_path / "data" / "ledger.jsonl").write_bytes(kept)
        done = subprocess.run(by_hand, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert says in done.stdout
        assert ("whole" in done.stdout) is (kept is lines)
        assert done.stderr == ""


def test_readers_of_web_archives_open_the_exchanges(desk: Desk) -> None:
    """warcio checks every digest and lists every exchange; answers, revisits and requests are its records."""
    path = desk.bag / "data" / "exchanges.warc.gz"
    checked = subprocess.run(
        [sys.executable, "-c", "from warcio.cli import main; main()", "check", str(path)],
        capture_output=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    rows = desk.room.rows("exchanges")
    with path.open("rb") as file:
        found = [
            (record.rec_type, record.rec_headers["WARC-Target-URI"], record.content_stream().read())
            for record in ArchiveIterator(file)
        ]
    kinds = [kind for kind, _, _ in found]
    assert kinds[0] == "warcinfo"
    assert kinds.count("metadata") == kinds.count("request") == len(rows)
    assert kinds.count("response") + kinds.count("revisit") == sum(row.status_code is not None for row in rows)
    assert kinds.count("response") == len({row.payload for row in rows if row.payload is not None})
    asked = {json.loads(block)["exchange"] for kind, _, block in found if kind == "metadata"}
    assert asked == {row.id for row in rows}


def test_no_cell_of_the_spreadsheet_is_a_formula(desk: Desk) -> None:
    """Every cell is text in the file itself, ids too; the words are the record's own, right-to-left and all."""
    with zipfile.ZipFile(desk.bag / "data" / "deleted.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/" in name]
        words = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    for sheet in sheets:
        cells = re.findall(r"<c [^>]*>", sheet)
        assert cells
        assert all('t="inlineStr"' in cell or 't="s"' in cell for cell in cells)
        assert "<f>" not in sheet
    assert FIRST in words
    assert "=HYPERLINK(" in words
    assert "＝نمونه متن" in words


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
@pytest.mark.parametrize("name", ["deleted.csv", "deleted.xlsx"])
def test_libreoffice_finds_no_formula(desk: Desk, tmp_path: Path, name: str) -> None:
    """Opened and saved again as a flat document: no cell has become a formula."""
    words = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "fods"]
    words += ["--outdir", str(tmp_path), str(desk.bag / "data" / name)]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    saved = (tmp_path / "deleted.fods").read_text(encoding="utf-8")
    assert FIRST in saved
    assert "table:formula" not in saved


def test_the_tables_hold_the_two_claims_apart(desk: Desk) -> None:
    """Deletions in one, what was gone before the first look in the other."""
    found = {}
    for name in ("deleted", "deleted-gone-before-first-look"):
        with (desk.bag / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = {row["post_id"] for row in csv.DictReader(file)}
    assert found == {"deleted": {FIRST, SECOND}, "deleted-gone-before-first-look": {BEFORE}}
    assert {ALIVE, SUSPENDED}.isdisjoint(set().union(*found.values()))


# whole or not at all


def test_a_folder_that_is_there_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    """An export never writes into a folder, a file or a link; no checkpoint is made for it."""
    before = len(desk.room.rows("ledger"))
    (tmp_path / "bag").mkdir()
    (tmp_path / "bag" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="exists already"):
        desk.room.archive.export_bag(tmp_path / "bag")
    assert [path.name for path in (tmp_path / "bag").iterdir()] == ["mine.txt"]
    assert len(desk.room.rows("ledger")) == before


def test_what_stands_where_the_unfinished_bag_would_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    """A folder called `bag.partial` that is no unfinished bag is somebody's own."""
    (tmp_path / "bag.partial").mkdir()
    (tmp_path / "bag.partial" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="in the way"):
        desk.room.archive.export_bag(tmp_path / "bag")
    assert (tmp_path / "bag.partial" / "mine.txt").exists()


@pytest.mark.parametrize("room_bytes", [1000, 30_000, 200_000])
def test_a_full_disk_leaves_nothing(desk: Desk, tmp_path: Path, room_bytes: int) -> None:
    """Row 96: neither the bag nor its unfinished folder, and the error names a file."""
    with _a_full_disk(room_bytes), pytest.raises(StorageError, match="too large"):
        desk.room.archive.export_bag(tmp_path / "bag")
    assert list(tmp_path.iterdir()) == []


@contextlib.contextmanager
def _a_full_disk(room_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.campaign
def test_a_killed_export_leaves_a_whole_bag_or_none(desk: Desk, tmp_path: Path) -> None:
    """SIGKILL at many instants: under the final name stands a whole bag, or nothing. The full campaign:

    ARCHIVER_KILLS=100 pytest tests/audit/bag/test_bag_write.py -k killed
    """
    code = "import sys, pathlib; from archiver.archive import Archive; "
    code += "Archive.open(sys.argv[1]).export_bag(pathlib.Path(sys.argv[2]))"
    words = [sys.executable, "-c", code, str(desk.room.config), str(tmp_path / "bag")]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    started = time.monotonic()
    subprocess.run(words, env=environment, check=True, capture_output=True)
    took = time.monotonic() - started
    for turn in range(int(os.environ.get("ARCHIVER_KILLS", 4))):
        target = tmp_path / f"bag-{turn}"
        child = subprocess.Popen([*words[:-1], str(target)], env=environment, stderr=subprocess.DEVNULL)
        time.sleep(took * (0.4 + 0.6 * (turn * 0.618 % 1)))
        child.send_signal(signal.SIGKILL)
        child.wait()
        if target.exists():
            assert verify(OWN, target, trust=desk.trust).code == 0
        else:
            desk.room.archive.export_bag(target)
            assert not target.with_name(f"{target.name}.partial").exists()


# redaction and thinning


def test_a_removed_content_stands_in_the_bag_with_its_line(desk: Desk, tmp_path: Path) -> None:
    """Removed by a line of the ledger it is told so, and everything is still verified; gone without one it is not."""
    payload = desk.room.rows("exchanges")[7].payload
    store = desk.room.store
    with store.run("thin") as run, store.writing(run.id) as transaction:
        removals.remove(transaction, [payload], "thinning")
    with store.reading() as connection:
        assert contents.get(connection, payload) is None
    bag = tmp_path / "bag"
    desk.room.archive.export_bag(bag)
    line = next(row.number for row in desk.room.rows("ledger") if '"kind":"thinning"' in row.line)
    assert {"content": payload, "removed": "thinning", "removed_by": line} in records(bag, "contents.jsonl")
    for verifier in (SH, PY, OWN):
        judged = verify(verifier, bag, trust=desk.trust, held=desk.held)
        assert judged.code == 0, judged.words
