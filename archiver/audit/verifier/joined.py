"""The verifier as one file, as every bag carries it."""

from __future__ import annotations

import ast
from importlib.resources import files

PARTS = ("ed25519", "reading", "seal", "tables", "openings", "said", "warc", "steps")
"""The modules, each after those that it imports."""

HEAD = '''#!/usr/bin/env python3
"""Checks this bag with Python's standard library alone (3.8 or later; no network, nothing installed).

    python3 data/verify.py [--trust FINGERPRINT] [--held CHECKPOINT] [BAG]

Exit 0: verified. 1: tampered with; the step is named. 2: not fully checked, or wrongly called.
A verifier that lies in the bag could be tampered with too: whoever doubts takes verify.py from elsewhere.
"""

from __future__ import annotations
'''
TAIL = """

if __name__ == "__main__":
    sys.exit(main())
"""


def text() -> str:
    """The source of verify.py: the modules one after another, without what only joins them."""
    folder = files("archiver.audit.verifier")
    parts = (_part(name, (folder / f"{name}.py").read_text(encoding="utf-8")) for name in PARTS)
    return HEAD + "".join(parts) + TAIL


def _part(name: str, source: str) -> str:
    """A module without its docstring, which is told in a comment, and without its imports of other parts."""
    tree = ast.parse(source)
    lines = source.splitlines()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("archiver", "__future__"):
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or 0) - node.lineno + 1)
    docstring = tree.body[0]
    lines[: docstring.end_lineno] = []
    about = "\n".join(f"# {line}".rstrip() for line in (ast.get_docstring(tree) or "").splitlines())
    return f"\n\n# ---- {name}\n{about}\n\n" + "\n".join(lines).strip() + "\n"
