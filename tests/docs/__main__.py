"""Rewrite the pages."""

from tests.docs import FORMS_PAGE, forms_page
from tests.markup import cases

FORMS_PAGE.write_text(forms_page(cases()), encoding="utf-8")
