"""The format of rule pages."""

from __future__ import annotations

import textwrap

import pytest

from django_uplift.engine.pages import Mark, PageError, parse_page

PAGE = textwrap.dedent(
    """\
    # `timezone.utc` was removed

    ## What
    Text with `code`.

    ```toml
    [tool.django-uplift]
    # ## not a heading
    ```

    ## Example
    ```python with file=shop/models.py
    class Order: ...
    ```

    ```python bad target=5.0 file=shop/views.py django=import warns=RemovedInDjango50Warning
    from django.utils import timezone
    now = timezone.utc
    #     ^^^^^^^^^^^^ DUA107 was removed
    #              ^^^ DUA108
    utc = f(
    ^^^^^^^> DUA107
    )
    ```
    Prose between.
    ```python fixed safety=unsafe
    x = 1
    ```
    ```python fixed choice=2 django=no why="needs a \'broker\' running"
    x = 2
    ```

    ~~~python ok
    ```
    x = 3
    ~~~
    ```python with file=a/b.html
    {{ x }}
    ```
    """
)


def test_reads_a_page() -> None:
    page = parse_page(PAGE)
    assert page.title == "`timezone.utc` was removed"
    assert list(page.sections) == ["What", "Example"]
    assert "# ## not a heading" in page.sections["What"]
    bad, ok = page.examples
    assert bad.bad and not ok.bad
    assert bad.block.source == "from django.utils import timezone\nnow = timezone.utc\nutc = f(\n)\n"
    assert bad.block.marks == (
        Mark(1, 6, 18, "DUA107", "was removed"),
        Mark(1, 15, 18, "DUA108", ""),
        Mark(2, 0, None, "DUA107", ""),
    )
    assert bad.block.target == "5.0"
    assert bad.files["shop/models.py"] == "class Order: ...\n"
    first, second = bad.fixed
    assert (first.choice, first.unsafe, first.django, first.path) == (1, True, "import", "shop/views.py")
    assert (second.choice, second.django, second.attributes["why"]) == (2, "no", "needs a 'broker' running")
    assert set(ok.files) == {"example.py", "shop/models.py", "a/b.html"}
    assert ok.block.source == "```\nx = 3\n"


def test_readers_see_no_machinery() -> None:
    shown = parse_page(PAGE).markdown
    assert "^^^" not in shown and "target=" not in shown and "why=" not in shown
    assert "Reported, in `shop/views.py`, for Django 5.0:\n\n```python\nfrom django" in shown
    assert "Or:" in shown and "Prose between." in shown


def test_the_shown_page_reads_the_same_again() -> None:
    page = parse_page(PAGE)
    again = parse_page(page.markdown)
    assert (again.title, again.sections) == (page.title, page.sections)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "starts with its title"),
        ("words", 1, "starts with its title"),
        ("# A\nwords", 2, "before the first section"),
        ("# A\n## B\n## B", 3, "second section"),
        ("# A\n# B", 2, "one title"),
        ("# A\n## B\n```python bad\nx", 3, "never closed"),
        ("# A\n## B\n```python bda\nx\n```", 3, "unknown role 'bda'"),
        ("# A\n## B\n```python bad\n```", 3, "empty block"),
        ("# A\n## B\n```python bad\n# ^^ X1\nx\n```", 4, "a line above"),
        ("# A\n## B\n```python bad\nabc\n#   ^^ X1\n```", 5, "behind the end"),
        ("# A\n## B\n```python ok\nabcdef\n#   ^^ X1\n```", 3, "has no marks"),
        ("# A\n## B\n```python bad traget=5.0\nx\n```", 3, "no traget="),
        ("# A\n## B\n```python bad target=5\nx\n```", 3, "must be a version"),
        ("# A\n## B\n```python bad target\nx\n```", 3, "key=value"),
        ("# A\n## B\n```python bad target=5.0 target=5.1\nx\n```", 3, "twice"),
        ("# A\n## B\n```python bad django=maybe\nx\n```", 3, "must be import"),
        ("# A\n## B\n```python bad django=no\nx\n```", 3, "needs why"),
        ("# A\n## B\n```python with\nx\n```", 3, "needs file="),
        ("# A\n## B\n```python fixed\nx\n```", 3, "follows the 'bad'"),
        ("# A\n## B\n```py bad\nx\n```\n```py fixed\nx\n```\n```py fixed\nx\n```", 9, "shown twice"),
        ("# A\n## B\n```python bad\nx\n```\n```python with file=example.py\nx\n```", 3, "same file="),
    ],
)
def test_errors_say_where(text: str, line: int, message: str) -> None:
    with pytest.raises(PageError, match=message) as caught:
        parse_page(text)
    assert caught.value.line == line
