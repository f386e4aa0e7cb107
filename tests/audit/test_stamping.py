"""Time-stamps by an authority of OpenSSL's own, on loopback: had, refused, late, and never in the way."""

from __future__ import annotations

import shutil
import subprocess
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from archiver.audit.stamping import covers, stamp
from archiver.clock import SystemClock
from archiver.web.client import Client
from archiver.web.settings import WebSettings
from tests.test_evidence import Desk

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")

CONFIGURATION = """\
[tsa]
default_tsa = sample
[sample]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
accuracy = secs:1
"""
MONTH = timedelta(days=30)


class Authority:
    """Answers queries by `openssl ts -reply`; `bend` says how it misbehaves."""

    def __init__(self, folder: Path, server: HTTPServer) -> None:
        self.folder = folder
        self.bend = ""
        self.last = b""
        (folder / "tsa.cnf").write_text(CONFIGURATION)
        (folder / "serial").write_text("01\n")
        now = datetime.now(UTC)
        self._root = make_key(folder / "root.key")
        root = sign("Sample Root", self._root, "Sample Root", self._root, now, is_root=True)
        (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
        self.certify(now)
        server.expect_request("/tsa", method="POST").respond_with_handler(self._answer)
        self.detour = server.url_for("").rstrip("/")

    def certify(self, at: datetime) -> None:
        """The certificate by which it signs, in force for a month from then on."""
        key = make_key(self.folder / "tsa.key")
        signed = sign("Sample Authority", key, "Sample Root", self._root, at)
        (self.folder / "tsa.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    def _answer(self, request: Request) -> Response:
        assert request.headers["Content-Type"] == "application/timestamp-query"
        if self.bend == "down":
            return Response(status=503)
        if self.bend == "garbage":
            return Response(b"<html>sample</html>", content_type="text/html")
        if self.bend != "replay":
            (self.folder / "query").write_bytes(request.data)
            self.run("ts -reply -config tsa.cnf -queryfile query -signer tsa.pem -inkey tsa.key -out reply")
            self.last = (self.folder / "reply").read_bytes()
        return Response(self.last, content_type="application/timestamp-reply")

    def run(self, words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["openssl", *words.split()], cwd=self.folder, capture_output=True, check=True)


def make_key(path: Path) -> rsa.RSAPrivateKey:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(pem)
    return key


def sign(
    name: str, key: rsa.RSAPrivateKey, issuer: str, by: rsa.RSAPrivateKey, at: datetime, *, is_root: bool = False
) -> x509.Certificate:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    begun = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer))
    begun = begun.public_key(key.public_key()).serial_number(x509.random_serial_number())
    begun = begun.not_valid_before(at - timedelta(days=1)).not_valid_after(at + MONTH)
    begun = begun.add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
    if not is_root:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        begun = begun.add_extension(usage, critical=True)
    return begun.sign(by, hashes.SHA256())


@pytest.fixture
def authority(tmp_path: Path, httpserver: HTTPServer) -> Authority:
    folder = tmp_path / "authority"
    folder.mkdir()
    return Authority(folder, httpserver)


@pytest.fixture
def desk(tmp_path: Path, authority: Authority) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    desk = Desk(folder)
    desk.configure(
        f'[web]\npace = "1ms"\nconnect_to = {{ "*" = "{authority.detour}" }}\n'
        '[evidence]\ntimestamp_url = "https://stamps.example/tsa"\n'
    )
    return desk


def seal(desk: Desk, name: str) -> list[str]:
    """Scan one more article and make a checkpoint; returns what was alarming."""
    desk.scan(name)
    with desk.open() as archive:
        return archive.checkpoint().alarms


def stamped(desk: Desk) -> list[tuple[int, bool]]:
    return [(row.checkpoint, row.content is not None) for row in desk.rows("timestamps")]


def token(desk: Desk, row: Any) -> bytes:
    (content,) = (each for each in desk.rows("contents") if each.id == row.content)
    return zlib.decompress(content.packed) if content.codec == "deflate" else bytes(content.packed)


def test_a_token_is_kept_as_it_came_and_openssl_takes_it(desk: Desk, authority: Authority) -> None:
    """`openssl ts -verify` over the checkpoint's own bytes; the ledger names the token, and verifying finds it good."""
    assert seal(desk, "a") == []
    (row,) = desk.rows("timestamps")
    assert (row.authority, row.message) == ("stamps.example", None)
    assert token(desk, row) == authority.last
    (authority.folder / "note").write_text(desk.rows("checkpoints")[0].note, encoding="utf-8")
    (authority.folder / "token").write_bytes(token(desk, row))
    done = authority.run("ts -verify -data note -in token -CAfile root.pem")
    assert b"Verification: OK" in done.stdout
    with desk.open() as archive:
        steps = {step.name: step for step in archive.verify()}
        assert archive.vouched().stamped_lines == desk.rows("checkpoints")[0].lines
    assert steps["timestamps"].passed
    assert steps["projections"].passed


@pytest.mark.parametrize(
    ("bend", "told"),
    [("down", "the authority answered 503"), ("garbage", "is no time-stamp")],
)
def test_an_authority_that_gives_nothing_leaves_the_checkpoint_as_it_is(
    desk: Desk, authority: Authority, bend: str, told: str
) -> None:
    """Row 94: it stands without, the gap is on file, and the next checkpoint asks for it again."""
    authority.bend = bend
    (alarm,) = seal(desk, "a")
    assert told in alarm
    assert stamped(desk) == [(1, False)]
    with desk.open() as archive:
        assert archive.vouched().stamped_lines is None
    authority.bend = ""
    assert seal(desk, "b") == []
    assert stamped(desk) == [(1, False), (2, True), (1, True)]
    assert desk.verified()


def test_an_answer_to_another_request_is_not_taken(desk: Desk, authority: Authority) -> None:
    """Row 94: whoever plays an old answer back has neither our bytes nor our nonce."""
    assert seal(desk, "a") == []
    authority.bend = "replay"
    (alarm,) = seal(desk, "b")
    assert "about something else" in alarm
    assert stamped(desk) == [(1, True), (2, False)]


def test_an_answer_with_another_nonce_is_not_taken(desk: Desk, authority: Authority) -> None:
    """Row 94: the same bytes, stamped for somebody else."""
    authority.bend = "down"
    assert seal(desk, "a") != []
    (authority.folder / "note").write_text(desk.rows("checkpoints")[0].note, encoding="utf-8")
    authority.run("ts -query -data note -sha256 -cert -out query")
    authority.run("ts -reply -config tsa.cnf -queryfile query -signer tsa.pem -inkey tsa.key -out reply")
    authority.last, authority.bend = (authority.folder / "reply").read_bytes(), "replay"
    note = (authority.folder / "note").read_bytes()
    client = Client(WebSettings("sample", connect_to={"*": authority.detour}, pace_seconds=0), SystemClock())
    told = (None, "the authority's answer has another nonce: it was given to another request")
    assert stamp(client.send, "https://stamps.example/tsa", note) == told
    client.close()


def test_a_certificate_that_has_run_out_stamps_nothing(desk: Desk, authority: Authority) -> None:
    """Row 94: the token would prove nothing to anybody."""
    authority.certify(datetime.now(UTC) - 2 * MONTH)
    (alarm,) = seal(desk, "a")
    assert "no certificate of the authority was in force" in alarm
    authority.certify(datetime.now(UTC))
    assert seal(desk, "b") == []


def test_a_token_that_was_swapped_is_found(desk: Desk, authority: Authority) -> None:
    """It is about another checkpoint."""
    seal(desk, "a")
    seal(desk, "b")
    first, second = (token(desk, row) for row in desk.rows("timestamps"))
    notes = [row.note.encode() for row in desk.rows("checkpoints")]
    assert covers(first, notes[0])
    assert covers(second, notes[1])
    assert not covers(first, notes[1])
