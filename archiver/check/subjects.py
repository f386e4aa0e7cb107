"""What of posts is asked for: under which ids, and at which server."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.check.batch import Subject
from archiver.model.observation import SubjectKind
from archiver.model.post import Post, PostRef
from archiver.platforms.adapter import Endpoint


def subjects_of(post: Post) -> list[Subject]:
    """The post under its id, and under every other id of its edit chain: it is gone only when all are."""
    assert post.native_id is not None
    ids = dict.fromkeys((post.native_id, *post.edit_chain))
    refs = (PostRef(post.platform, post.host, each, post.cited_handle, post.author_id) for each in ids)
    return [Subject(SubjectKind.POST, str(post.number), ref) for ref in refs]


def by_host(endpoint: Endpoint, subjects: Sequence[Subject]) -> list[tuple[str | None, list[Subject]]]:
    """The subjects, apart by the server at which a federated endpoint asks for them; else all together."""
    parts: dict[str | None, list[Subject]] = {}
    for subject in subjects:
        host = subject.ref.host if endpoint.federated and subject.ref else None
        parts.setdefault(host, []).append(subject)
    return list(parts.items())
