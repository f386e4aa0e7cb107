"""verify.py as bags carry it: one file, old Pythons, nothing but the standard library."""

from __future__ import annotations

import ast
import sys

from archiver.audit.verifier import joined


def test_it_is_one_file_for_old_pythons() -> None:
    """It parses as Python 3.8, and imports the standard library alone."""
    tree = ast.parse(joined.text(), feature_version=(3, 8))
    names = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    names |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= set(sys.stdlib_module_names)


def test_it_asks_nothing_of_python_that_is_newer_than_3_8() -> None:
    """What came with 3.9 and later, as far as it would be tempting here."""
    tree = ast.parse(joined.text())
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not attributes & {"removeprefix", "removesuffix", "file_digest", "is_relative_to", "with_stem", "UTC"}
    keywords = {(ast.unparse(node.func), each.arg) for node in ast.walk(tree)
                if isinstance(node, ast.Call) for each in node.keywords}  # fmt: skip
    assert ("zip", "strict") not in keywords


def test_no_two_parts_define_the_same_name() -> None:
    """Joined, a later one would replace an earlier one in silence."""
    tree = ast.parse(joined.text())
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    defined += [each.id for node in tree.body if isinstance(node, ast.Assign)
                for each in node.targets if isinstance(each, ast.Name)]  # fmt: skip
    assert len(defined) == len(set(defined))
