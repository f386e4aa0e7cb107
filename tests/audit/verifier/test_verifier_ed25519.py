"""Ed25519 in pure Python, by the vectors of RFC 8032 (section 7.1) and beside a library."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver import checkpoints
from archiver.audit.verifier.ed25519 import ORDER, is_signed

VECTORS = {
    "1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
        "24655141438e7a100b",
    ),
    "2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
        "eeb00d291612bb0c00",
    ),
    "3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed2"
        "8dc027beceea1ec40a",
    ),
    "SHA(abc)": (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce8"
        "0e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac1"
        "7ad9bef1177331a704",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_the_standard_hold(name: str) -> None:
    """A signature is good, and bad once anything of it is another."""
    public, message, signature = (bytes.fromhex(part) for part in VECTORS[name])
    assert is_signed(public, signature, message)
    assert not is_signed(public, signature, message + b"x")
    assert not is_signed(public, signature[:40] + bytes([signature[40] ^ 1]) + signature[41:], message)
    assert not is_signed(public[:-1] + bytes([public[-1] ^ 1]), signature, message)


def test_a_signature_has_one_spelling() -> None:
    """The same scalar with the group's order added is refused (malleability); so is what has another length."""
    public, message, signature = (bytes.fromhex(part) for part in VECTORS["2"])
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_signed(public, signature[:32] + scalar.to_bytes(32, "little"), message)
    assert not is_signed(public, signature[:-1], message)
    assert not is_signed(public[:-1], signature, message)
    assert not is_signed(b"\xff" * 32, signature, message)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(message=st.binary(max_size=300), place=st.integers(0, 63), bit=st.integers(0, 7), touched=st.booleans())
def test_it_agrees_with_the_library(message: bytes, place: int, bit: int, touched: bool) -> None:
    """Good signatures of keys by chance, and the same with one bit flipped."""
    private, _ = checkpoints.make_key()
    public, signature = checkpoints.public_bytes(private), private.sign(message)
    if touched:
        signature = signature[:place] + bytes([signature[place] ^ 1 << bit]) + signature[place + 1 :]
    assert is_signed(public, signature, message) == checkpoints.is_signature(public, signature, message) != touched
