"""The pages of this folder say what the tests show."""

from __future__ import annotations

from tests.docs import FORMS, FORMS_PAGE, PLATFORMS, forms_page
from tests.markup import cases


def test_the_page_of_forms_lists_every_case() -> None:
    """A new case is on the page, a removed one is not: `python -m tests.docs` rewrites it."""
    assert FORMS_PAGE.read_text(encoding="utf-8") == forms_page(cases())


def test_every_form_and_every_platform_has_a_case() -> None:
    """The page knows no name that no case shows."""
    known = cases()
    assert {case.form for case in known} == set(FORMS)
    assert {embed["hint"] for case in known for embed in case.embeds if "hint" in embed} == set(PLATFORMS)
