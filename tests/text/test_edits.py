"""Edits apply together or not at all."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_uplift.text.edits import (
    Edit,
    OverlapError,
    apply_edits,
    merge_edits,
    small_edits,
    unified_diff,
)


def test_edits_apply_in_order_of_place():
    assert apply_edits("abcdef", [Edit(4, 5, "E"), Edit(0, 1, ""), Edit(2, 2, "+")]) == "b+cdEf"


def test_equal_edits_count_once():
    assert merge_edits([Edit(1, 2, "x"), Edit(1, 2, "x")]) == (Edit(1, 2, "x"),)


@pytest.mark.parametrize(
    "second", [Edit(1, 3, "y"), Edit(0, 2, "y"), Edit(2, 4, "y")], ids=["same place", "before", "behind"]
)
def test_overlapping_edits_are_refused(second):
    with pytest.raises(OverlapError):
        apply_edits("abcdef", [Edit(1, 3, "x"), second])


def test_two_insertions_at_one_place_are_refused():
    with pytest.raises(OverlapError):
        apply_edits("ab", [Edit(1, 1, "x"), Edit(1, 1, "y")])


def test_neighbours_do_not_overlap():
    assert apply_edits("abcd", [Edit(0, 2, "x"), Edit(2, 4, "y"), Edit(4, 4, "z")]) == "xyz"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\nb\n", "a\nc\n"),
        ("a\r\nb\r\n", "a\r\nc\r\n"),
        ("a\nb", "a\nc"),
        ("a\fb\nx\u2028y\n", "a\fb\nz\n"),
        ("", "a\n"),
    ],
)
def test_git_accepts_the_diff(tmp_path, old, new):
    (tmp_path / "f.py").write_text(old, encoding="utf-8", newline="")
    diff = unified_diff(old, new, "f.py")
    if not old:
        # git writes an empty file's side without lines; the header alone decides.
        assert "+a\n" in diff
        return
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"], input=diff.encode(), cwd=tmp_path, check=True
    )
    assert (tmp_path / "f.py").read_bytes() == new.encode()


def test_no_change_no_diff():
    assert unified_diff("a\n", "a\n", "f.py") == ""


def test_lines_that_change_side_by_side_are_edits_of_their_own():
    old, new = "import force_text\nimport ugettext\nx\n", "import force_str\nimport gettext\nx\n"
    assert list(small_edits(old, new)) == [Edit(13, 17, "str"), Edit(25, 26, "")]


_TEXT = st.text("ab \n\r\f\u2028", max_size=12)


@given(_TEXT, _TEXT)
def test_small_edits_make_the_new_text(old, new):
    assert apply_edits(old, small_edits(old, new)) == new
