"""Every attack on a bag fails, and each of the three verifiers names the step that it fails at."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archiver import checkpoints
from archiver.audit.bag import files
from archiver.errors import StorageError
from tests.audit.bag.conftest import FIRST, Desk
from tests.audit.bags import OWN, PY, SH, VERIFIERS, Forger, verify

each_verifier = pytest.mark.parametrize("verifier", VERIFIERS)


@each_verifier
def test_an_untouched_bag_is_verified(verifier: str, desk: Desk) -> None:
    """With the published key and a checkpoint that somebody else kept."""
    judged = verify(verifier, desk.bag, trust=desk.trust, held=desk.held)
    assert (judged.code, judged.step) == (0, ""), judged.words


@each_verifier
def test_without_a_trusted_key_nothing_is_verified(verifier: str, desk: Desk) -> None:
    """A key that lies in the bag vouches for nothing: never passed, never tampered."""
    judged = verify(verifier, desk.bag)
    assert (judged.code, judged.step) == (2, ""), judged.words
    assert "trust" in judged.words


def _edit_a_field(forger: Forger) -> None:
    place = forger.place("posts.jsonl")
    place.write_bytes(place.read_bytes().replace(b'"grade":"A"', b'"grade":"B"', 1))


def _delete_a_line(forger: Forger) -> None:
    lines = forger.lines("ledger.jsonl")
    forger.write("ledger.jsonl", lines[:20] + lines[21:])


def _swap_two_lines(forger: Forger) -> None:
    lines = forger.lines("ledger.jsonl")
    forger.write("ledger.jsonl", [*lines[:20], lines[21], lines[20], *lines[22:]])


def _cut_the_tail(forger: Forger) -> None:
    forger.write("ledger.jsonl", forger.lines("ledger.jsonl")[:-9])
    forger.state("Ledger-Lines", str(len(forger.lines("ledger.jsonl"))))


def _flip_a_bit_in_a_payload(forger: Forger) -> None:
    lines = forger.lines("contents.jsonl")
    longest = max(range(len(lines)), key=lambda number: len(lines[number]))
    lines[longest] = lines[longest].replace(b"A", b"B", 1)
    record = json.loads(lines[longest])
    record["opening"] = (
        record["opening"][:400] + ("B" if record["opening"][400] != "B" else "C") + record["opening"][401:]
    )
    lines[longest] = json.dumps(record, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    forger.write("contents.jsonl", lines)


def _remove_a_payload(forger: Forger) -> None:
    payload = json.loads(forger.lines("observations.jsonl")[5])["exchanges"][0]["contents"][2]
    forger.drop("contents.jsonl", lambda record: record["content"] == payload)


def _add_a_file(forger: Forger) -> None:
    forger.place("more.txt").write_text("more", encoding="utf-8")


ATTACKS = (_edit_a_field, _delete_a_line, _swap_two_lines, _cut_the_tail, _flip_a_bit_in_a_payload, _remove_a_payload)


@each_verifier
@pytest.mark.parametrize("attack", [*ATTACKS, _add_a_file])
def test_whoever_lists_no_files_again_is_caught_by_the_manifest(
    verifier: str, attack: Callable[[Forger], None], forger: Forger, desk: Desk
) -> None:
    """Edited, deleted, swapped, cut, flipped, removed, added."""
    attack(forger)
    judged = verify(verifier, forger.bag, trust=desk.trust, held=desk.held)
    assert (judged.code, judged.step) == (1, "files"), judged.words


@each_verifier
@pytest.mark.parametrize("attack", [*ATTACKS, _add_a_file])
def test_whoever_has_no_key_cannot_sign_the_new_manifest(
    verifier: str, attack: Callable[[Forger], None], forger: Forger, desk: Desk
) -> None:
    """The old signature is of another manifest."""
    attack(forger)
    forger.cover()
    judged = verify(verifier, forger.bag, trust=desk.trust, held=desk.held)
    assert (judged.code, judged.step) == (1, "signature"), judged.words


STEPS: dict[Callable[[Forger], None], str] = {
    _edit_a_field: "records",
    _delete_a_line: "chain",
    _swap_two_lines: "chain",
    _cut_the_tail: "checkpoints",
    _flip_a_bit_in_a_payload: "contents",
    _remove_a_payload: "records",
}


@each_verifier
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_thief_of_the_key_who_signs_the_manifest_is_caught_further_on(
    verifier: str, attack: Callable[[Forger], None], thief: Forger, desk: Desk
) -> None:
    """The chain, its checkpoints and its commitments hold without any key."""
    attack(thief)
    thief.cover()
    judged = verify(verifier, thief.bag, trust=desk.trust)
    assert (judged.code, judged.step) == (1, STEPS[attack]), judged.words


def _reword_a_verdict(forger: Forger) -> None:
    """Another line, the chain bound again, and records that agree."""
    lines = [json.loads(line) for line in forger.lines("ledger.jsonl")]
    next(noun for noun in lines if noun.get("state") == "deleted")["at"] = "2020-01-01T00:00:00.000000Z"
    forger.write("ledger.jsonl", [json.dumps(noun).encode() + b"\n" for noun in lines])
    forger.rechain()
    forger.renest()


@each_verifier
def test_a_rebuilt_chain_does_not_agree_with_its_checkpoints(verifier: str, thief: Forger, desk: Desk) -> None:
    """Edited and bound again: the signed heads are others."""
    _reword_a_verdict(thief)
    thief.cover()
    judged = verify(verifier, thief.bag, trust=desk.trust)
    assert (judged.code, judged.step) == (1, "checkpoints"), judged.words


@each_verifier
def test_everything_made_anew_with_the_stolen_key_is_caught_by_a_held_checkpoint(
    verifier: str, thief: Forger, desk: Desk
) -> None:
    """It passes on the key alone: only what others hold tells. That is why checkpoints are handed out."""
    _reword_a_verdict(thief)
    thief.recheck()
    thief.cover()
    assert verify(verifier, thief.bag, trust=desk.trust).code == 0
    judged = verify(verifier, thief.bag, trust=desk.trust, held=desk.held)
    assert (judged.code, judged.step) == (1, "held"), judged.words


@each_verifier
def test_a_tail_cut_with_the_stolen_key_is_caught_by_a_held_checkpoint(
    verifier: str, thief: Forger, desk: Desk
) -> None:
    """The last lines are gone, with everything that says that they were there."""
    lines = thief.lines("ledger.jsonl")
    last = max(
        number for number, line in enumerate(lines) if b'"kind":"run"' in line and b'"purpose":"checkpoint"' in line
    )
    thief.write("ledger.jsonl", lines[:last])
    thief.state("Ledger-Lines", str(last))
    thief.recheck()
    thief.cover()
    assert verify(verifier, thief.bag, trust=desk.trust).code == 0
    judged = verify(verifier, thief.bag, trust=desk.trust, held=desk.held)
    assert (judged.code, judged.step) == (1, "held"), judged.words


@each_verifier
def test_another_key_is_not_the_one_that_is_trusted(verifier: str, thief: Forger, desk: Desk) -> None:
    """A whole bag made with a key of the forger's own agrees with itself, and with nobody's fingerprint."""
    thief.key, _ = checkpoints.make_key()
    lines = [json.loads(line) for line in thief.lines("ledger.jsonl")]
    noun = next(noun for noun in lines if noun["kind"] == "key")
    _bring_in(noun, thief.key)
    thief.write("ledger.jsonl", [json.dumps(each).encode() + b"\n" for each in lines])
    thief.rechain()
    thief.renest()
    thief.recheck()
    for each in thief.place("checkpoints/keys").iterdir():
        each.unlink()
    public = checkpoints.public_bytes(thief.key)
    pem = thief.place(f"checkpoints/keys/{noun['key'].partition(':')[2]}.pem")
    pem.write_text(checkpoints.public_pem(public), encoding="ascii")
    thief.state("Signed-By", noun["key"])
    thief.cover()
    assert verify(verifier, thief.bag).code == 2
    judged = verify(verifier, thief.bag, trust=desk.trust)
    assert (judged.code, judged.step) == (1, "trust"), judged.words


def _bring_in(noun: dict[str, Any], key: checkpoints.PrivateKey) -> None:
    from base64 import b64encode
    from datetime import datetime

    public = checkpoints.public_bytes(key)
    name = checkpoints.fingerprint(public)
    statement = checkpoints.succession(noun["origin"], None, name, datetime.fromisoformat(noun["at"]))
    noun |= {"key": name, "public": b64encode(public).decode(), "signature": b64encode(key.sign(statement)).decode()}


def _drop_a_sighting(forger: Forger) -> None:
    rests_on = {
        number
        for line in forger.lines("posts.jsonl")
        for each in json.loads(line)["verdicts"]
        for number in each["line"]["rests_on"]
    }
    forger.drop(
        "observations.jsonl",
        lambda record: (
            record["line"]["outcome"] == "present"
            and record["line"]["subject_kind"] == "post"
            and record["observation"] not in rests_on
        ),
    )


def _drop_a_control(forger: Forger) -> None:
    forger.drop("observations.jsonl", lambda record: record["line"]["subject_kind"] == "control")


def _drop_an_account_look(forger: Forger) -> None:
    rests_on = {
        number
        for line in forger.lines("posts.jsonl")
        for each in json.loads(line)["verdicts"]
        for number in each["line"]["rests_on"]
    }
    forger.drop(
        "observations.jsonl",
        lambda record: record["line"]["subject_kind"] == "author" and record["observation"] not in rests_on,
    )


def _drop_a_verdict(forger: Forger) -> None:
    def change(record: dict[str, Any]) -> bool:
        if len(record["verdicts"]) > 1:
            del record["verdicts"][0]
            return True
        return False

    forger.edit("posts.jsonl", change)


def _reword_a_snapshot(forger: Forger) -> None:
    def change(record: dict[str, Any]) -> bool:
        for each in record["snapshots"]:
            each["said"]["text"] = "Other sample words."
            return True
        return False

    forger.edit("posts.jsonl", change)


def _unsay_a_snapshot(forger: Forger) -> None:
    def change(record: dict[str, Any]) -> bool:
        return any(each.pop("said", None) for each in record["snapshots"])

    forger.edit("posts.jsonl", change)


def _swap_the_contents_of_an_embed(forger: Forger) -> None:
    def change(record: dict[str, Any]) -> bool:
        one, other = record["embeds"][0]["words"], record["embeds"][0]["context"]
        record["embeds"][0] |= {"words": other, "context": one}
        return True

    forger.edit("posts.jsonl", change)


def _call_an_absent_present(forger: Forger) -> None:
    def change(record: dict[str, Any]) -> bool:
        if record["line"]["outcome"] != "absent":
            return False
        record["line"]["outcome"] = "present"
        return True

    forger.edit("observations.jsonl", change)


def _call_a_post_deleted(forger: Forger) -> None:
    def change(record: dict[str, Any]) -> bool:
        if record["standing"]["state"] != "alive":
            return False
        record["standing"] |= {"state": "deleted", "grade": "A"}
        return True

    forger.edit("posts.jsonl", change)


def _leave_a_post_out(forger: Forger) -> None:
    forger.drop("posts.jsonl", lambda record: record["standing"]["state"] == "alive")
    forger.state("Posts-alive", "archive=1 bag=0 left-out=1")


def _miscount(forger: Forger) -> None:
    forger.state("Posts-deleted", "archive=3 bag=2 left-out=1")


def _drop_a_row(forger: Forger) -> None:
    text = forger.place("deleted.csv").read_bytes()
    head, _, rest = text.partition(b"\r\n")
    last = rest.rindex(b'\r\n"deleted","p')
    forger.place("deleted.csv").write_bytes(head + b"\r\n" + rest[: last + 2])
    forger.state("Rows-deleted.csv", "1")


@each_verifier
@pytest.mark.parametrize(
    ("attack", "step"),
    [
        (_drop_a_sighting, "complete"),
        (_drop_a_control, "complete"),
        (_drop_an_account_look, "complete"),
        (_drop_a_verdict, "complete"),
        (_reword_a_snapshot, "records"),
        (_unsay_a_snapshot, "records"),
        (_swap_the_contents_of_an_embed, "records"),
        (_call_an_absent_present, "records"),
        (_call_a_post_deleted, "records"),
        (_leave_a_post_out, "counts"),
        (_miscount, "counts"),
        (_drop_a_row, "counts"),
    ],
)
def test_what_a_thief_words_otherwise_is_held_against_the_ledger(
    verifier: str, attack: Callable[[Forger], None], step: str, thief: Forger, desk: Desk
) -> None:
    """Nothing cherry-picked, nothing reworded: the ledger tells what belongs to the bag and what it says."""
    attack(thief)
    thief.cover()
    judged = verify(verifier, thief.bag, trust=desk.trust)
    assert (judged.code, judged.step) == (1, step), judged.words


@each_verifier
@pytest.mark.parametrize(
    "name", ["tagmanifest-sha256.txt", "bagit.txt", "manifest-sha256.txt.sig", "data/ledger.jsonl"]
)
def test_a_file_that_lies_elsewhere_is_none_of_the_bag(verifier: str, name: str, forger: Forger, desk: Desk) -> None:
    """A link to the same bytes may lead to others tomorrow; a campaign found that the tag manifest was let through."""
    (forger.bag / name).rename(forger.bag.parent / "moved")
    (forger.bag / name).symlink_to(forger.bag.parent / "moved")
    judged = verify(verifier, forger.bag, trust=desk.trust)
    assert (judged.code, judged.step) == (1, "files"), judged.words


@pytest.mark.parametrize("verifier", [PY, OWN])
def test_another_payload_in_the_web_archive_is_found(verifier: str, thief: Forger, desk: Desk) -> None:
    """verify.sh reads no web archive, and says so: the contents, which it checks, are what counts."""
    place = thief.place("exchanges.warc.gz")
    whole = gzip.decompress(place.read_bytes())
    assert FIRST.encode() in whole
    place.write_bytes(gzip.compress(whole.replace(b"Sample", b"Simple")))
    thief.cover()
    judged = verify(verifier, thief.bag, trust=desk.trust)
    assert (judged.code, judged.step) == (1, "exchanges"), judged.words
    assert "verify.py checks" in verify(SH, thief.bag, trust=desk.trust).words


@each_verifier
@pytest.mark.parametrize(
    ("said", "instead", "column"), [("Sample words of", "Other words of", "text"), ('"A"', '"B"', "grade")]
)
def test_a_table_that_says_something_else_is_found(
    verifier: str, said: str, instead: str, column: str, thief: Forger, desk: Desk
) -> None:
    """The table is what a lawyer opens first."""
    place = thief.place("deleted.csv")
    text = place.read_text(encoding="utf-8")
    assert said in text
    place.write_text(text.replace(said, instead), encoding="utf-8", newline="")
    thief.cover()
    judged = verify(verifier, thief.bag, trust=desk.trust)
    assert (judged.code, judged.step) == (1, "counts"), judged.words
    assert f"another {column}" in judged.words


@each_verifier
def test_a_bag_without_its_signature_is_no_signed_bag(verifier: str, forger: Forger, desk: Desk) -> None:
    """Taken away it is missing; denied in the statement too, nothing is verified."""
    (forger.bag / files.SIGNATURE).unlink()
    forger.cover()
    judged = verify(verifier, forger.bag, trust=desk.trust)
    assert (judged.code, judged.step) == (1, "signature"), judged.words
    forger.state("Signed-By", "nobody")
    forger.cover()
    judged = verify(verifier, forger.bag, trust=desk.trust)
    assert (judged.code, judged.step) == (2, ""), judged.words


def test_an_openssl_that_knows_no_ed25519_neither_passes_nor_accuses(
    desk: Desk, forger: Forger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As LibreSSL, whose pkeyutl has no -rawin: "signature not checked", exit 2; what needs no key is still checked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "openssl").write_text(
        '#!/bin/sh\ncase "$1" in pkeyutl) exit 1;; *) exec /usr/bin/openssl "$@";; esac\n', encoding="ascii"
    )
    (folder / "openssl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    judged = verify(SH, desk.bag, trust=desk.trust, held=desk.held)
    assert (judged.code, judged.step) == (2, ""), judged.words
    assert "signature not checked" in judged.words
    _delete_a_line(forger)
    assert verify(SH, forger.bag, trust=desk.trust).step == "files"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
@each_verifier
def test_what_cannot_be_read_accuses_nobody(verifier: str, forger: Forger, desk: Desk) -> None:
    """A file without permission: exit 2, or a StorageError, never "tampered with"."""
    forger.place("posts.jsonl").chmod(0)
    if verifier == OWN:
        with pytest.raises(StorageError):
            verify(verifier, forger.bag, trust=desk.trust)
    else:
        assert verify(verifier, forger.bag, trust=desk.trust).code == 2


@each_verifier
def test_what_is_no_bag_is_told_from_a_forged_one(verifier: str, tmp_path: Path) -> None:
    """Exit 2, one clear line."""
    if verifier == OWN:
        with pytest.raises(Exception, match="no bag"):
            verify(verifier, tmp_path)
    else:
        judged = verify(verifier, tmp_path)
        assert (judged.code, len(judged.words.splitlines())) == (2, 1), judged.words
