"""A checkpoint says what the ledger was, and nobody else can have signed it."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from archiver import checkpoints
from archiver.checkpoints import Checkpoint

AT = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
HEAD = "sha256:" + "ab" * 32
KEY, PEM = checkpoints.make_key()
NOTE = checkpoints.sign(Checkpoint("0123456789abcdef", 17, HEAD, AT), KEY)


def test_a_note_is_exactly_these_lines() -> None:
    """Origin, lines, head and time, an empty line, and the signature over the first four with their newlines."""
    raw = checkpoints.public_bytes(KEY)
    name = "sha256:" + hashlib.sha256(raw).hexdigest()
    text = f"embed-archiver/0123456789abcdef\n17\n{HEAD}\n2026-01-02T03:04:05.000006Z\n"
    signature = b64encode(KEY.sign(text.encode())).decode()
    assert NOTE.whole().decode() == f"{text}\n— {name} {signature}\n"
    assert checkpoints.parse(NOTE.whole()) == NOTE
    assert NOTE.is_signed_by(raw)


def test_the_signature_is_that_of_rfc_8032() -> None:
    """Its first vector: an empty text."""
    private = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    public = checkpoints.public_bytes(private)
    assert public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert checkpoints.is_signature(public, signature, b"")
    assert not checkpoints.is_signature(public, signature, b"x")


@given(st.integers(0, len(NOTE.whole()) * 8 - 1))
def test_a_note_with_any_bit_flipped_is_none_or_not_signed(bit: int) -> None:
    """Whether it still reads as a note or not, no key signed it."""
    bent = bytearray(NOTE.whole())
    bent[bit // 8] ^= 1 << bit % 8
    try:
        read = checkpoints.parse(bytes(bent))
    except ValueError:
        return
    assert not read.is_signed_by(checkpoints.public_bytes(KEY))


@pytest.mark.parametrize(
    "bent",
    [
        b"",
        b"\xff" * 300,
        NOTE.whole() + b"\n",
        NOTE.whole().replace(b"\n", b"\r\n"),
        NOTE.whole().replace(b"\n17\n", b"\n017\n"),
        NOTE.whole().replace(b"\n17\n", b"\n0\n"),
        NOTE.whole().replace(b"2026-01-02", b"2026-13-02"),
        NOTE.whole()[:-3],
        NOTE.whole() * 2,
    ],
)
def test_what_is_not_exactly_a_note_is_refused(bent: bytes) -> None:
    """There is one way to write a checkpoint."""
    with pytest.raises(ValueError, match="not a signed checkpoint"):
        checkpoints.parse(bent)


def test_a_base64_of_the_same_bytes_but_other_letters_is_refused() -> None:
    """The last letter before the padding has four bits that nobody reads."""
    whole = NOTE.whole().decode()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = letters.index(whole[-4])
    other = whole[:-4] + letters[last ^ 1] + whole[-3:]
    assert b64decode(other.split()[-1]) == NOTE.signature
    with pytest.raises(ValueError):
        checkpoints.parse(other.encode())


def test_a_succession_is_never_a_checkpoint() -> None:
    """What the two keys sign cannot be shown as a checkpoint of theirs."""
    statement = checkpoints.succession("0123456789abcdef", None, NOTE.key, AT)
    assert statement.split(b"\n")[1:3] == [b"key", b"none"]
    signed = statement + NOTE.whole()[len(NOTE.checkpoint.text()) :]
    with pytest.raises(ValueError):
        checkpoints.parse(signed)


def test_a_key_goes_to_pem_and_back() -> None:
    """Anything else than our kind of key is refused with a reason."""
    assert checkpoints.public_bytes(checkpoints.read_key(PEM)) == checkpoints.public_bytes(KEY)
    assert checkpoints.public_pem(checkpoints.public_bytes(KEY)).startswith("-----BEGIN PUBLIC KEY-----\n")
    for bad in (b"", b"sample", checkpoints.public_pem(checkpoints.public_bytes(KEY)).encode()):
        with pytest.raises(ValueError, match="no private key"):
            checkpoints.read_key(bad)
