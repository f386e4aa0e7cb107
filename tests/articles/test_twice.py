"""HTML that was escaped once too often."""

from __future__ import annotations

import pytest

from archiver.articles.twice import unescaped_once


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&lt;p&gt;Sample &amp;amp; text&lt;/p&gt;", "<p>Sample &amp; text</p>"),
        ('\n &lt;div class="a">Sample&lt;/div>', '\n <div class="a">Sample</div>'),
        ("&lt;!-- wp:paragraph --&gt;Sample", "<!-- wp:paragraph -->Sample"),
        ("Sample &lt;p&gt;text&lt;/p&gt;", None),
        ("&lt;p&gt;Sample&lt;/p&gt; <b>text</b>", None),
        ("&lt; 3 and &lt;3", None),
        ("", None),
    ],
)
def test_only_what_is_escaped_as_a_whole_is_unescaped(written: str, read: str | None) -> None:
    """It begins with a tag and has none that is not escaped: words about markup stay words."""
    assert unescaped_once(written) == (written if read is None else read)
