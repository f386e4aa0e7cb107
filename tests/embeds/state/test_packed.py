"""A page's state that is not written as JSON is read as what it says."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.embeds.state import packed, script
from archiver.embeds.state.around import Around
from archiver.embeds.state.assembled import assembled
from tests.slowness import slowness

NAMES = st.from_regex(r"[a-zA-Z_$][\w$]{0,8}", fullmatch=True).filter(str.isascii)
SINGLE: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(st.characters(codec="utf-8"), max_size=20)
)
NOUNS: st.SearchStrategy[Any] = st.recursive(
    SINGLE, lambda parts: st.lists(parts, max_size=4) | st.dictionaries(NAMES, parts, max_size=4), max_leaves=20
)
STATES = st.dictionaries(NAMES, NOUNS, min_size=1, max_size=4)


def as_function(state: dict[str, Any], *, quote: str) -> str:
    """As Nuxt 2 writes it: what is no object or list stands behind the function, and in it a name of a letter."""
    stated: dict[str, str] = {}

    def written(part: Any) -> str:
        if isinstance(part, dict):
            return "{" + ",".join(f"{name}:{written(each)}" for name, each in part.items()) + "}"
        if isinstance(part, list):
            return "[" + ", ".join(map(written, part)) + "]"
        text = json.dumps(part).replace("<", "\\u003C").replace("/", "\\u002F")
        if quote == "'" and isinstance(part, str):
            text = "'" + text[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
        return stated.setdefault(text, f"_{len(stated)}") if part is not None else "void 0"

    body = written(state)
    return (
        f"window.__NUXT__=(function({','.join(stated.values()) or 'a'}){{return {body}}}({','.join(stated) or '1'}));"
    )


def as_list(state: Any) -> list[Any]:
    """As Nuxt 3 writes it: each part once, in whose place stands where it is."""
    whole: list[Any] = []

    def put(part: Any) -> int:
        at = len(whole)
        whole.append(part)
        if isinstance(part, dict):
            whole[at] = {name: put(each) for name, each in part.items()}
        elif isinstance(part, list):
            whole[at] = [put(each) for each in part]
        return at

    put(state)
    return whole


@given(STATES, st.sampled_from("\"'"))
@example({"path": "C:\\0", "pattern": "\\d\\'\\\""}, "'")
@example({"path": "C:\\0", "pattern": "\\d\\'\\\""}, '"')
def test_a_function_of_what_repeats_returns_what_it_says(state: dict[str, Any], quote: str) -> None:
    """Whatever strings hold, in either kind of quotation marks."""
    assert packed.of_function(as_function(state, quote=quote), []) == state


@given(STATES)
def test_a_list_whose_objects_name_others_by_their_places_is_put_together(state: dict[str, Any]) -> None:
    """What is a list of something else stays as it is."""
    whole = as_list({"state": state, "more": {}})
    assert assembled(whole) == {"state": state, "more": {}}
    assert assembled([state, "more"]) == [state, "more"]


@given(STATES, st.booleans())
def test_json_in_base64_is_read_with_padding_and_without(state: dict[str, Any], pads: bool) -> None:
    """Only of some length: what is shorter holds no post."""
    state["long"] = "Sample text " * 10
    said = json.dumps(state)
    digits = base64.b64encode(said.encode()).decode()
    script = f'window.__STATE__ = "{digits if pads else digits.rstrip("=")}";'
    assert packed.within(script.encode(), []) == ([said.encode()], [])


@pytest.mark.parametrize(
    "program",
    [
        "(function(a){return {a:a}",
        "(function(a){return {a:a}}(",
        "(function(a){return {a:a]}}(1))",
        '(function(a){return {a:"}}(1))',
        "(function(a){return {a:[,1]}}(1))",
        "(function(a){return a}(1))",
        "(function(a){return {a:f(a}}(1))",
        "(function(){return {a:1}}())",
        "(function(a){return " + "{a:" * 5000 + "1" + "}" * 5000 + "}(1))",
    ],
)
def test_a_program_that_does_more_than_that_says_nothing(program: str) -> None:
    """Nor one that is cut off or nests thousands deep, and none raises."""
    doubts: list[str] = []
    assert packed.of_function("window.__NUXT__=" + program, doubts) is None
    assert doubts == (["unparsed"] if "return {" in program and "function()" not in program else [])


def test_what_a_program_makes_itself_is_null_and_the_rest_is_read() -> None:
    """`new Date(0)`, names that nothing states, numbers that JSON does not know."""
    program = "__NUXT__ = (function(a){a.b=[1];return {is:a,at:new Date(0,f(1)),to:who,by:.5,on:!0,off:!1}}('tweet'))"
    said = {"is": "tweet", "at": None, "to": None, "by": None, "on": True, "off": False}
    assert packed.of_function(program, []) == said


@pytest.mark.parametrize("written", ['{type: "tweet", id: "11"}', "{id:'11',type:'tweet'}"])
def test_an_object_of_a_program_that_says_it_is_a_post_is_read(written: str) -> None:
    """Wherever it stands; what is a string of a program's, or breaks off, is none."""
    assert packed.within(f"show(a, {written}, b)".encode(), []) == ([], [({"type": "tweet", "id": "11"}, 8)])
    assert packed.within(f"show(a, {written[:-1]}".encode(), []) == ([], [])
    assert packed.within(b'if (type === "tweet") {type(a, "tweet")}', []) == ([], [])


def test_a_list_of_other_lists_is_left_as_it_is() -> None:
    """Where words stand in a list that has no places in it, nothing names them by theirs."""
    plain = [["<b>Sample</b>"], {"count": 1}, "more"]
    assert assembled(plain) is plain
    whole = [{"at": 1, "by": 2}, ["Date", "2021-08-20"], ["Reactive", 3], {"id": 4}, "11"]
    assert assembled(whole) == {"at": [None, None], "by": [{"id": "11"}]}


@pytest.mark.parametrize(
    ("before", "names"),
    [
        ("kit.start(app, {", []),
        ("kit.start(app, {data: [null, {related: [", ["data", "related"]),
        ('{"right-rail":[{a: \'it}s\', b: "["}, ', ["right-rail"]),
        ("{related: [], body: ", ["body"]),
    ],
)
def test_an_object_of_a_program_has_the_names_that_it_stands_under(before: str, names: list[str]) -> None:
    """Of what is open before it, not of what strings say or is closed again."""
    program = f'{before}{{type: "tweet", id: "11"}}'.encode()
    [(node, begin)] = packed.within(program, [])[1]
    assert (node, Around(program).names(begin)) == ({"type": "tweet", "id": "11"}, names)


@pytest.mark.parametrize("written", ['{type: "tweet", ', '{type: "tweet", id: "11"}, '])
def test_more_objects_of_a_program_than_are_read_are_doubted(written: str) -> None:
    """Whether they end or lie in one another without an end."""
    doubts: list[str] = []
    assert len(packed.within((written * 1_001).encode(), doubts)[1]) <= 1_000
    assert set(doubts) == {"unparsed"}


MANY = 20_000
QUOTED = [{"tag": 2, "children": [1] * 500}] * MANY
LISTS = {
    "that name one list and itself": [{"a": 2}, "tweet", [2] * MANY * 10],
    "that name one text": [{"a": 2}, "<b>Sample</b>" * MANY, [1] * MANY * 10],
    "whose objects hold all others": [
        {"type": 1, **{f"tweet{'_embed' * (n % 9)}{'_x' * (n // 9)}": 0 for n in range(200)}},
        "tweet",
        "",
    ],
    "whose quotations share their text": [{"a": 3}, "Sample " * MANY, "blockquote", [*range(4, MANY)], *QUOTED],
}


@pytest.mark.parametrize("said", LISTS.values(), ids=LISTS)
def test_a_list_takes_no_longer_than_its_length_asks_for(said: list[Any]) -> None:
    """However often its objects name one another: what was read is not read again."""
    source = json.dumps(said).encode()
    began = time.process_time()
    assert not any(script.read(source, 0, len(source), []))
    assert time.process_time() - began < 4 * slowness()


def test_halves_of_characters_do_not_leave_an_article_that_is_json() -> None:
    """Nothing could store them: neither in a name nor in words."""
    said = {"text": "Sample \udc00 words\n— Sample \ud83d Name (@sample_one) August 20, 2021\n" + "Sample " * 40}
    source = json.dumps(said).encode()
    [[sighting]] = [group for group in script.read(source, 0, len(source), [], is_article=True) if group]
    assert (sighting.embed.author_name, sighting.embed.quotation) == ("Sample ? Name", "Sample ? words")


@pytest.mark.parametrize("packed_in", ["[[0,", "{", "[" * 100_000])
def test_pairs_that_hold_no_json_are_left_as_they_are(packed_in: str) -> None:
    """Whatever stands there, nothing raises."""
    said = {"block": [1, packed_in]}
    assert assembled(said) is said
