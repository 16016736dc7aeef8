"""What a function does is said beginning with a verb, so that a list of them reads like one of orders."""

import ast
from collections.abc import Iterator

import pytest

from tests.house import ROOT

FILES = sorted((ROOT / "quantize").rglob("*.py"))
# A new one is welcome, if it is a verb.
VERBS = """
add arrange average begin bring build call chain change choose cluster collect compile convert copy count cut
decode deflate describe dither do draw drop encode end estimate explain fill filter find fit follow give go
ignore improve keep lay let link list load look lower make mark match measure merge move multiply name note
number open order pack pair parse part pick place prepare put queue rank read reduce refuse remove renumber
replace return round run say scale search serve set settle show solve sort split squeeze start stretch suggest
sweep take tell tie trace turn unpack use wait walk weigh work widen write
"""


def read_docstrings(text: str) -> Iterator[tuple[str, str]]:
    """Name and docstring of every function that has one; a property is a thing and no deed."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            is_thing = any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
            docstring = ast.get_docstring(node)
            if docstring and not is_thing:
                yield node.name, docstring


def test_things_and_deeds_are_told_apart():
    thing = '@property\ndef size(self):\n    """How large."""\n'
    deeds = 'def grow():\n    """Grow."""\n\ndef silent(): ...\n'
    assert list(read_docstrings(thing + deeds)) == [("grow", "Grow.")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_docstrings_of_functions_begin_with_a_verb(path):
    for name, docstring in read_docstrings(path.read_text(encoding="utf-8")):
        word = docstring.split()[0].strip(".,:;").lower()
        assert word in VERBS.split(), f"{name}: {docstring.splitlines()[0]}"
