"""The HTML of a body that its source keeps in another way."""

from __future__ import annotations

import pytest

from archiver.articles.bodies import as_html


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&lt;p&gt;Sample &amp;amp; text&lt;/p&gt;", "<p>Sample &amp; text</p>"),
        ('\n &lt;div class="a">Sample&lt;/div>', '\n <div class="a">Sample</div>'),
        ("&lt;!-- wp:paragraph --&gt;Sample", "<!-- wp:paragraph -->Sample"),
        ("Sample &lt;p&gt;text&lt;/p&gt;", None),
        ("&lt;p&gt;Sample&lt;/p&gt; <b>text</b>", None),
        ("&lt; 3 and &lt;3", None),
        ("[vc_row] [Sample", None),
        ('{"blocks": [Sample', None),
        ("[" * 100_000, None),
        ('[["' * 3, None),
        ("", None),
    ],
)
def test_only_what_is_escaped_as_a_whole_is_unescaped(written: str, read: str | None) -> None:
    """It begins with a tag and has none that is not escaped: words about markup stay words."""
    assert as_html(written) == (written if read is None else read)


def test_json_is_laid_in_a_script_that_its_strings_cannot_end() -> None:
    """Written in its other way a slash is the same to JSON."""
    assert as_html(' {"a": "</script>"}') == '<script type="application/json"> {"a": "<\\/script>"}</script>'
