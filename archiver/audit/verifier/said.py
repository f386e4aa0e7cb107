"""Further steps of a verifier: records, complete, counts."""

from __future__ import annotations

from typing import Any

from archiver.audit.verifier.openings import Openings
from archiver.audit.verifier.reading import Folder, Tampered, at_of, to_json
from archiver.audit.verifier.tables import TABLES, Shown, check_table

ABOUT_POSTS = ("verdict", "embed", "identification", "capture", "media", "redacted", "hold")
OF_INCIDENTS = ("incident_end", "incident_recovery", "incident_acceptance")
EVENTS = ("incident", *OF_INCIDENTS, "stream_gap", "control")
"""What happened to a platform."""


class Sayings(Openings):
    """What the bag says, held against the ledger and its commitments. The steps are done in order."""

    def __init__(self, folder: Folder, told: dict[str, str], heads: list[bytes]) -> None:
        super().__init__(folder, told, heads)
        self.batches: set[int] = set()
        self.platforms: set[str] = set()
        """Those of the batches of the bag."""
        self.incidents: set[int] = set()
        self.holds: set[int] = set()
        self.looks: set[int] = set()
        self.needed: set[int] = set()
        """Looks that other records rest on."""
        self.embeds: set[int] = set()
        self.names: set[int] = set()
        """Numbers of the posts of the bag, and of those that were joined into them."""
        self.authors: set[str] = set()
        self.standing: dict[int, tuple[str, int]] = {}
        """State of each post of the bag, and the line of the verdict that gave it."""
        self.shown: dict[int, Shown] = {}
        """What tables may say of a post that is gone."""
        self.asked: dict[int | str, list[int]] = {}
        """Contents of each exchange."""
        self.archived: dict[str, int] = {}

    # records

    def records(self) -> str:
        """Records hold lines of the ledger word for word, and the contents that these commit to."""
        for record in self._records("batches.jsonl", "records"):
            line = self._line(record, "batch")
            self.batches.add(line["batch"])
            self.platforms.add(line["platform"])
        for record in self._records("events.jsonl", "records"):
            self._event(record)
        for record in self._records("observations.jsonl", "records"):
            self._look(record)
        for record in self._records("posts.jsonl", "records"):
            self._post(record)
        if not self.needed <= self.looks:
            raise Tampered(
                "records", "look " + str(min(self.needed - self.looks)) + ", on which others rest, is missing"
            )
        return str(len(self.looks)) + " looks and " + str(len(self.standing)) + " posts agree with the ledger"

    def _look(self, record: dict[str, Any]) -> None:
        line = self._line(record, "observation")
        number, named = line["observation"], "look " + str(line["observation"])
        kept = []
        for exchange in record["exchanges"]:
            self.asked[exchange["exchange"]] = exchange["contents"]
            kept.append(exchange["contents"])
        if record["observation"] != number or number in self.looks or len(kept) != len(line["exchanges"]):
            raise Tampered("records", named + " is not the one of its line")
        for place, contents in enumerate(kept):
            commitments = line["exchanges"][place].split(" ")
            if len(commitments) != len(contents):
                raise Tampered("records", "an exchange of " + named + " is not the one of its line")
            for part, content in enumerate(contents):
                self._claim(content, commitments[part], "an exchange of " + named)
        if line["subject_kind"] != "post" and "subject_content" in record:
            self._claim(record["subject_content"], line["subject"], "the subject of " + named)
        if "remark" in record:
            self._said(record["remark"], "the remark of " + named)
        self.looks.add(number)
        self.needed.update([line["basis"]] if "basis" in line else [])
        if line["batch"] not in self.batches:
            raise Tampered("records", "the batch of " + named + " is missing")

    def _event(self, record: dict[str, Any]) -> None:
        line = self._line(record, *EVENTS)
        if line["kind"] == "incident":
            self.incidents.add(line["incident"])
        if "words" in line:
            self._said(record, "who accepted an incident, and why,", line["words"])

    def _post(self, record: dict[str, Any]) -> None:
        number, named = record["post"], "post p" + str(record["post"])
        self.authors.update(record["author_subjects"])
        joined = {self._line(each, "joined")["post"] for each in record["joined"]}
        if record["names"][0] != number or set(record["names"]) != joined | {number} or number in self.standing:
            raise Tampered("records", named + " has other names than the ledger gives it")
        self.names.update(record["names"])
        for each in record["identifications"]:
            line = self._line(each, "identification")
            if "content" in each:
                self._said(each, "an id of " + named, line["content"])
                if each.get("said", {}).get("native_id") != each.get("native_id") and not self.public:
                    raise Tampered("records", "an id of " + named + " is not the one of its content")
        for each in record["embeds"]:
            self._embed(each, named)
        for each in record["snapshots"]:
            self._said(each, "a snapshot of " + named)
        for each in record["captures"]:
            self._claim(each["address_content"], self._line(each, "capture")["address"], "a capture of " + named)
        for each in record["pictures"]:
            self._picture(each, "a picture of " + named)
        self._custody(record, named)
        self._verdicts(record, named)

    def _custody(self, record: dict[str, Any], named: str) -> None:
        for each in record["redactions"]:
            self._said(each, "a redaction of " + named, self._line(each, "redacted")["words"])
        for each in record["holds"]:
            line = self._line(each, "hold", "hold_end")
            self._said(each, "a hold on " + named, line["words"])
            self.holds.add(line["hold"])

    def _picture(self, record: dict[str, Any], named: str) -> None:
        line = self._line(record, "media")
        self._claim(record["address_content"], line["address"], "the address of " + named)
        if "content" in line or "kept_content" in record:
            self._claim(record.get("kept_content"), line.get("content"), named)
        commitments = line["exchange"].split(" ")
        self.asked["picture-" + str(line["media"])] = record["exchange_contents"]
        if len(commitments) != len(record["exchange_contents"]):
            raise Tampered("records", "the exchange of " + named + " is not the one of its line")
        for place, content in enumerate(record["exchange_contents"]):
            self._claim(content, commitments[place], "the exchange of " + named)

    def _embed(self, record: dict[str, Any], named: str) -> None:
        line, version = self._line(record, "embed"), self._line(record["version"], "article_read")
        self.embeds.add(line["embed"])
        if version["version"] != line["version"] or version["article"] != record["article"]["article"]:
            raise Tampered("records", "an embed of " + named + " stands in another article than its line says")
        self._said(record["version"], "an article that shows " + named, version["content"])
        self._said(record["words"], "what an article prints of " + named, line["words"])
        self._said(record["context"], "the words around " + named, line["context"])
        for each in record["cuts"]:
            self._said(each, "a quotation of " + named, self._line(each, "quotation_cut")["content"])
        if "closed" in record:
            self._line(record["closed"], "embed_closed")

    def _verdicts(self, record: dict[str, Any], named: str) -> None:
        last: dict[str, Any] = {"state": "unknown", "number": 0}
        for each in record["verdicts"]:
            line, verdict = self._line(each, "verdict"), each["verdict"]
            interval = verdict.get("interval") or {}
            told = (verdict["state"], verdict["grade"], sorted(verdict["flags"]), verdict["rests_on"])
            times = (at_of(interval.get("left")), at_of(interval.get("right")))
            if told != (line["state"], line.get("grade"), line["flags"], line["rests_on"]) or times != (
                line.get("interval_left"),
                line.get("interval_right"),
            ):
                raise Tampered("records", "a verdict on " + named + " is not the one of its line")
            self.needed.update(line["rests_on"])
            last = line if line["number"] > last["number"] else last
        fields = ("state", "grade", "interval_left", "interval_right")
        standing = record["standing"]
        if any(standing.get(name) != last.get(name) for name in fields):
            raise Tampered("records", named + " does not stand as its last verdict says")
        self.standing[record["post"]] = (standing["state"], last["number"])
        if standing["state"] in TABLES.values():
            self.shown[record["post"]] = Shown(record, last)

    # complete

    def complete(self) -> str:
        """Every line of the ledger about the posts of the bag is in it: no look, no verdict, no control is left out."""
        states: dict[int, str] = {}
        joined: set[int] = set()
        for line in self.folder.lines("ledger.jsonl", "complete"):
            fields = to_json(line)
            if fields["number"] not in self.nested and self._belongs(fields):
                raise Tampered(
                    "complete", "line " + str(fields["number"]) + " belongs to the bag and was left out of it"
                )
            if fields["kind"] == "embed" and "post" in fields:
                states.setdefault(fields["post"], "unknown")
            elif fields["kind"] == "verdict":
                states[fields["post"]] = fields["state"]
            elif fields["kind"] == "joined":
                joined.add(fields["post"])
        for post, state in states.items():
            if post not in joined:
                self.archived[state] = self.archived.get(state, 0) + 1
        return "every line about these posts, their authors and the controls beside them is in the bag"

    def _belongs(self, fields: dict[str, Any]) -> bool:
        kind = fields["kind"]
        if kind == "observation":
            subject = fields["subject"]
            if fields["subject_kind"] == "control":
                return fields["batch"] in self.batches
            return subject in (self.names if fields["subject_kind"] == "post" else self.authors)
        if kind in ABOUT_POSTS:
            return fields.get("post") in self.names
        if kind in ("incident", "stream_gap", "control"):
            return fields["platform"] in self.platforms
        if kind in OF_INCIDENTS:
            return fields["incident"] in self.incidents
        if kind == "hold_end":
            return fields["hold"] in self.holds
        if kind in ("quotation_cut", "embed_closed"):
            return fields["embed"] in self.embeds
        return kind == "joined" and (fields["post"] in self.names or fields["into"] in self.names)

    # counts

    def counts(self) -> str:
        """The counts that the bag states are those of the ledger and of its files, the tables for people too."""
        held: dict[str, int] = {}
        for state, _ in self.standing.values():
            held[state] = held.get(state, 0) + 1
        for label, said in self.told.items():
            if label.startswith("Posts-"):
                archived, bagged = self.archived.pop(label[6:], 0), held.pop(label[6:], 0)
                left = str(archived - bagged)
                if said != "archive=" + str(archived) + " bag=" + str(bagged) + " left-out=" + left:
                    raise Tampered("counts", label + " is counted otherwise than the bag says")
                if "Filter" in self.told and archived != bagged:
                    raise Tampered("counts", label + ": posts are left out, and the bag says that none is")
        if self.archived or held:
            raise Tampered("counts", "the bag does not state how many posts are " + min([*self.archived, *held]))
        for name, state in TABLES.items():
            self.rows[name] = check_table(self.folder, name, state, self.shown, self.public)
        for name, rows in self.rows.items():
            if self.told.get("Rows-" + name) != str(rows):
                raise Tampered("counts", name + " has " + str(rows) + " rows, and the bag says otherwise")
        return "posts by verdict and rows by file, as the bag states them"
