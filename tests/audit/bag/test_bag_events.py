"""What a bag holds beside looks: pictures, redactions, holds, and what happened to a platform; none can be left out."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from warcio.archiveiterator import ArchiveIterator

from archiver.model.listing import PostFilter
from tests.audit.bag.conftest import Desk
from tests.audit.bags import VERIFIERS, Forger, verify
from tests.audit.told_archive import HELD, PNG, REDACTED, SHOWN

each_verifier = pytest.mark.parametrize("verifier", VERIFIERS)


@pytest.fixture
def told_thief(told_desk: Desk, tmp_path: Path) -> Forger:
    shutil.copytree(told_desk.bag, tmp_path / "bag")
    return Forger(tmp_path / "bag", told_desk.key)


def records(bag: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (bag / "data" / name).read_bytes().splitlines()]


def post_of(bag: Path, native_id: str) -> dict[str, Any]:
    return next(each for each in records(bag, "posts.jsonl") if each.get("native_id") == native_id)


@each_verifier
@pytest.mark.parametrize("public", [False, True], ids=("auditor", "public"))
@pytest.mark.parametrize("wanted", [PostFilter(), PostFilter(author="sample_desk")], ids=("whole", "filtered"))
def test_a_bag_of_all_that_can_happen_is_verified(
    verifier: str, public: bool, wanted: PostFilter, told_desk: Desk, tmp_path: Path
) -> None:
    """By each verifier, in each profile."""
    told_desk.room.archive.export_bag(tmp_path / "bag", wanted, public=public)
    judged = verify(verifier, tmp_path / "bag", trust=told_desk.trust)
    assert judged.code == 0, judged.words


def test_pictures_lie_in_the_bag_byte_for_byte(told_desk: Desk) -> None:
    """The one that was served with its bytes and its address, the other with what was answered instead."""
    first, second = post_of(told_desk.bag, SHOWN)["pictures"]
    opened = {each["content"]: each.get("opening", "") for each in records(told_desk.bag, "contents.jsonl")}
    assert base64.b64decode(opened[first["kept_content"]])[32:] == PNG
    assert "SmplPict01" in first["address"]
    assert (second["status_code"], second["line"].get("content"), second["line"]["reason"]) == (404, None, "not_found")
    assert post_of(told_desk.bag, REDACTED)["pictures"][0]["line"]["kind"] == "media"


def test_pictures_are_fetched_in_the_archive_of_exchanges_too(told_desk: Desk) -> None:
    """Any reader of web archives replays them; one that was redacted is named, and nothing of it is told."""
    found: dict[str, list[tuple[str, str, bytes]]] = {}
    with (told_desk.bag / "data" / "exchanges.warc.gz").open("rb") as file:
        for record in ArchiveIterator(file):
            address, kind = record.rec_headers.get_header("WARC-Target-URI") or "", record.rec_type
            status = record.http_headers.get_statuscode() if kind == "response" else ""
            found.setdefault(address, []).append((kind, status, record.content_stream().read()))
    first, second = post_of(told_desk.bag, SHOWN)["pictures"]
    served, refused = found[first["address"]], found[second["address"]]
    assert [kind for kind, _, _ in served] == ["response", "request", "metadata"]
    assert served[0][1:] == ("200", PNG)
    assert [kind for kind, _, _ in refused][-2:] == ["request", "metadata"]
    number = post_of(told_desk.bag, REDACTED)["pictures"][0]["line"]["media"]
    assert [kind for kind, _, _ in found[f"urn:exchange:picture-{number}"]] == ["metadata"]


def test_a_public_bag_has_no_picture(told_desk: Desk, tmp_path: Path) -> None:
    """Neither bytes nor address: its lines alone, whose commitments nobody can open; nor who holds what, and why."""
    told_desk.room.archive.export_bag(tmp_path / "bag", public=True)
    everything = b"".join(path.read_bytes() for path in (tmp_path / "bag").rglob("*") if path.is_file())
    for sought in (base64.b64encode(PNG)[:20], b"SmplPict01", b"J. Doe", b"Sample Court", b"proceedings"):
        assert sought not in everything
    assert post_of(tmp_path / "bag", SHOWN)["pictures"][0]["line"]["type"] == "image/png"


def test_custody_and_events_are_told_with_their_reasons(told_desk: Desk) -> None:
    """Who redacted, who holds, who took an incident for real; of other platforms nothing."""
    (redaction,) = post_of(told_desk.bag, REDACTED)["redactions"]
    assert redaction["said"] == {"authority": "Sample Court, 12 C 34/26", "by": "J. Doe"}
    assert [each["line"]["kind"] for each in post_of(told_desk.bag, SHOWN)["holds"]] == ["hold", "hold_end"]
    assert [each["line"]["kind"] for each in post_of(told_desk.bag, HELD)["holds"]] == ["hold"]
    events = records(told_desk.bag, "events.jsonl")
    assert [each["line"]["kind"] for each in events] == [
        *("incident", "incident_end", "incident", "incident_end", "incident", "incident_end"),
        *("incident_recovery", "incident_acceptance", "stream_gap", "control"),
    ]  # fmt: skip
    assert events[7]["said"] == {"by": "J. Doe", "reason": "The sample desk closed for good."}


def test_the_report_in_the_bag_tells_of_the_same_state(told_desk: Desk) -> None:
    """Its time is the checkpoint's, it names archive, key, and who holds a copy; pictures stand in it."""
    report = (told_desk.bag / "data" / "report.html").read_text(encoding="utf-8")
    said = dict(
        line.split(": ", 1) for line in (told_desk.bag / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    )
    assert f'datetime="{said["As-Of"].replace(".000000", "")}"' in report
    assert f'<span class="mono">{said["Archive-Origin"]}</span>' in report
    assert f'<p class="mono">{told_desk.trust}</p>' in report
    assert f"keeper (up to line {said['Checkpoint-Lines']})" in report
    assert "This report lies in an export." in report
    assert f"data:image/png;base64,{base64.b64encode(PNG).decode()}" in report
    assert "answers that nothing rests upon are kept for 5d" in report


def test_the_report_tells_outages_from_waves(told_desk: Desk) -> None:
    """And who took what vanished in one for real."""
    report = html.document_fromstring((told_desk.bag / "data" / "report.html").read_bytes())
    rows = [[cell.text_content() for cell in row] for row in report.iterfind(".//section[@id='followed']//tr")]
    told = [[row[0], row[1], row[4]] for row in rows if row[1] in ("outage", "wave")]
    accepted = told_desk.room.rows("incident_acceptances")[0].accepted_at
    assert told == [
        ["x", "outage", f"{accepted:%Y-%m-%d %H:%M:%S} UTC, by J. Doe: The sample desk closed for good."],
        ["x", "wave", "no"],
        ["x", "wave", "not needed"],
        ["bluesky", "outage", "no"],
    ]


def _without(noun: str, native_id: str) -> Callable[[Forger], None]:
    def attack(forger: Forger) -> None:
        def change(record: dict[str, Any]) -> bool:
            return record.get("native_id") == native_id and bool(record[noun].pop())

        forger.edit("posts.jsonl", change)

    return attack


def _without_event(kind: str) -> Callable[[Forger], None]:
    def attack(forger: Forger) -> None:
        forger.drop("events.jsonl", lambda record: record["line"]["kind"] == kind)

    return attack


def _swap_pictures(forger: Forger) -> None:
    def change(record: dict[str, Any]) -> bool:
        if record.get("native_id") != SHOWN:
            return False
        record["pictures"][0]["kept_content"] = record["pictures"][0]["address_content"]
        return True

    forger.edit("posts.jsonl", change)


def _hide_a_picture(forger: Forger) -> None:
    def change(record: dict[str, Any]) -> bool:
        return record.get("native_id") == SHOWN and bool(record["pictures"][0].pop("kept_content"))

    forger.edit("posts.jsonl", change)


def _cut_an_exchange(forger: Forger) -> None:
    def change(record: dict[str, Any]) -> bool:
        return record.get("native_id") == SHOWN and bool(record["pictures"][0]["exchange_contents"].pop())

    forger.edit("posts.jsonl", change)


def _reword_an_authority(forger: Forger) -> None:
    def change(record: dict[str, Any]) -> bool:
        if not record["redactions"]:
            return False
        record["redactions"][0]["said"]["authority"] = "Other Court"
        return True

    forger.edit("posts.jsonl", change)


def _reword_an_acceptance(forger: Forger) -> None:
    def change(record: dict[str, Any]) -> bool:
        if "said" not in record:
            return False
        record["said"]["by"] = "R. Roe"
        return True

    forger.edit("events.jsonl", change)


@each_verifier
@pytest.mark.parametrize(
    ("attack", "step"),
    [
        (_without("pictures", SHOWN), "complete"),
        (_without("redactions", REDACTED), "complete"),
        (_without("holds", SHOWN), "complete"),
        (_without("holds", HELD), "complete"),
        (_without_event("incident"), "complete"),
        (_without_event("incident_end"), "complete"),
        (_without_event("incident_recovery"), "complete"),
        (_without_event("incident_acceptance"), "complete"),
        (_without_event("stream_gap"), "complete"),
        (_without_event("control"), "complete"),
        (_swap_pictures, "records"),
        (_hide_a_picture, "records"),
        (_cut_an_exchange, "records"),
        (_reword_an_authority, "records"),
        (_reword_an_acceptance, "records"),
    ],
)
def test_a_thief_of_the_key_can_neither_hide_nor_reword_them(
    verifier: str, attack: Callable[[Forger], None], step: str, told_thief: Forger, told_desk: Desk
) -> None:
    """The ledger tells what belongs to the bag, and commits to what it says."""
    attack(told_thief)
    told_thief.cover()
    judged = verify(verifier, told_thief.bag, trust=told_desk.trust)
    assert (judged.code, judged.step) == (1, step), judged.words
