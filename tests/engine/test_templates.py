"""Templates take the engine's way: chosen rules, suppressions, fixes to convergence; modules are untouched by them."""

import re

import pytest

from django_uplift.api import Edit, Rule, Span


class Old(Rule):
    """The tag ``{% old %}`` is ``{% new %}``."""

    languages = ("template",)
    any_words = ("old",)

    def file(self, ctx):
        for token in ctx.template.tokens:
            if token.name == "old":
                edit = Edit(*token.bits[0].span, "new")
                yield self.finding(ctx, token.span, "old", ctx.fix("Write new", edit))


class Asked(Rule):
    """Has no words, and looks at the bytes of every template."""

    languages = ("template",)

    def __init__(self, code):
        super().__init__(code)
        self.seen = []

    def concerns(self, data, words, target):
        self.seen.append(data)
        return b"!" in data

    def file(self, ctx):
        yield self.finding(ctx, Span(0, 1), "asked")


def test_findings_fixes_and_suppressions(project, tmp_path):
    text = "{% old %}\r\n{% old %} {# django-uplift: ignore[DUT9001] #}\r\n{# {% old %} #}{% old x %}\r\n"
    engine = project([Old("DUT9001")], {"app/templates/a.html": text})
    checked = engine.check(tmp_path / "app/templates/a.html")
    assert [tuple(f.span) for f in checked.findings] == [(0, 9), (text.rindex("{% old x"), len(text) - 2)]
    fixed = engine.fix_text(tmp_path / "app/templates/a.html", text, unsafe=False)
    assert (
        fixed.text
        == "{% new %}\r\n{% old %} {# django-uplift: ignore[DUT9001] #}\r\n{# {% old %} #}{% new x %}\r\n"
    )
    assert fixed.rounds == 1


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("app/templates/a.html", 1),
        ("app/templates/a.txt", 1),
        ("app/a.htm", 1),
        ("app/notes.txt", 0),
        ("app/jinja2/a.html", 0),
        ("app/m.py", 0),
    ],
)
def test_where_templates_are(project, tmp_path, path, found):
    engine = project([Old("DUT9001")], {path: "# {% old %}\n"})
    assert len(engine.check(tmp_path / path).findings) == found


def test_rules_about_modules_do_not_see_templates(project, tmp_path):
    class Python(Rule):
        any_words = ("old",)

        def file(self, ctx):
            yield self.finding(ctx, Span(0, 1), "python")

    engine = project([Python("DUR9001")], {"app/templates/a.html": "old ((("})
    assert engine.check(tmp_path / "app/templates/a.html").findings == ()


def test_a_rule_without_words_is_asked_about_every_file(project, tmp_path):
    rule = Asked("DUT9002")
    engine = project([rule], {"a.html": "x", "b.html": "!"})
    assert engine.check(tmp_path / "a.html").findings == ()
    assert [f.message for f in engine.check(tmp_path / "b.html").findings] == ["asked"]
    assert rule.seen == [b"x", b"!"]


@pytest.mark.parametrize("selected", ["DUT0003", "DUR"])
def test_files_are_looked_for_where_rules_about_templates_are_chosen(tmp_path, capsys, selected):
    from django_uplift.cli.main import main

    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/a.html").write_text("{% ifequal a b %}{% endifequal %}")
    (tmp_path / "notes.txt").write_text("{% ifequal a b %}{% endifequal %}")
    main(["--check", "--isolated", "--target-version", "4.2", "--select", selected, str(tmp_path)])
    found = re.findall(r"DUT0003", capsys.readouterr().out)
    assert len(found) == (selected == "DUT0003")
