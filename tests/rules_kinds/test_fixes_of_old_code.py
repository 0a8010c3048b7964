"""What fixes make of code from Django 1.8's days, as it stands in published packages."""

from __future__ import annotations

from copy import copy

import pytest

from django_uplift_rules.clean_ups import import_fallback
from django_uplift_rules.kinds import MovedModule, MovedName, RemovedKeyword
from django_uplift_rules.upgrade import render_to_response
from tests.rules_kinds.conftest import Run

_IMPORTS = """from django.shortcuts import render_to_response
from django.template import RequestContext


def page(request):
    return """


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('render_to_response("a.html", {}, RequestContext(request))', 'render(request, "a.html", {})'),
        (
            'render_to_response("a.html", {}, context_instance=RequestContext(request))',
            'render(request, "a.html", {})',
        ),
        (
            'render_to_response("a.html", context_instance=RequestContext(request), status=404)',
            'render(request, "a.html", status=404)',
        ),
    ],
)
def test_render_makes_the_request_context_itself(run: Run, before: str, after: str) -> None:
    head = "from django.shortcuts import render\n\n\ndef page(request):\n    return "
    assert run(copy(render_to_response.rule), f"{_IMPORTS}{before}\n").fixed == f"{head}{after}\n"


def test_a_context_of_its_own_stays(run: Run) -> None:
    text = f'{_IMPORTS}render_to_response("a.html", context_instance=RequestContext(request, {{"a": 1}}))\n'
    assert run(copy(render_to_response.rule), text).fixed == text


def test_a_fallback_whose_names_are_used_stays(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_fallback.ImportFallback, "default", True)
    text = """try:
    from django.utils.functional import keep_lazy
    LAZY = True
except ImportError:
    from django.utils.functional import allow_lazy
    LAZY = False
decorate = keep_lazy if LAZY else allow_lazy
"""
    result = run(copy(import_fallback.rule), text)
    assert len(result.found) == 1
    assert result.fixed == text


MOVED = MovedName("DUR6001", {"django.core.old.name": "django.new.name"}, removed_in="6.0")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Its own package's section, though the project's sorts before it.
        (
            "from django.conf import settings\nfrom django.core.old import name\nfrom django.utils import html\n\n"
            "from cms import api\n\nname()\n",
            "from django.conf import settings\nfrom django.new import name\nfrom django.utils import html\n\n"
            "from cms import api\n\nname()\n",
        ),
        (
            "import os\n\nfrom django.core.old import name\nfrom django.utils import html\n\nname()\n",
            "import os\n\nfrom django.new import name\nfrom django.utils import html\n\nname()\n",
        ),
    ],
)
def test_a_moved_import_stays_in_its_section(run: Run, before: str, after: str) -> None:
    assert run(MOVED, before).fixed == after


def test_a_moved_module_without_uses_is_not_imported(run: Run) -> None:
    """A string that happens to hold the word is no use of it."""
    rule = MovedModule("DUR6001", {"django.old": "other"}, removed_in="6.0")
    text = 'from django import conf, old\n\nAPPS = ["django.old"]\nold.x(conf)\n'
    assert (
        run(rule, text).fixed
        == 'import other as old\nfrom django import conf\n\nAPPS = ["django.old"]\nold.x(conf)\n'
    )


@pytest.mark.parametrize("path", ["shop/__init__.py", "shop/views.py"])
def test_what_a_package_uses_itself_is_renamed(run: Run, path: str) -> None:
    text = "from django.core.old import old\n\nx = old()\n"
    rule = MovedName("DUR6001", {"django.core.old.old": "django.core.old.new"}, removed_in="6.0")
    assert run(rule, text, path=path).fixed == text.replace("import old", "import new").replace(
        "= old", "= new"
    )


def test_what_a_package_hands_on_keeps_its_name(run: Run) -> None:
    rule = MovedName("DUR6001", {"django.core.old.old": "django.core.old.new"}, removed_in="6.0")
    result = run(rule, "from django.core.old import old\n", path="shop/__init__.py")
    assert result.fixed == "from django.core.old import new as old\n"


def test_an_import_in_a_function_is_nobody_elses(run: Run) -> None:
    rule = MovedName("DUR6001", {"django.core.old.old": "django.core.old.new"}, removed_in="6.0")
    text = "def f():\n    from django.core.old import old\n\n    return old()\n"
    other = {"shop/other.py": "from shop.views import old\n"}
    assert run(rule, text, files=other).fixed == text.replace("import old", "import new").replace(
        "old()", "new()"
    )


def test_no_line_is_left_between_empty_parentheses(run: Run) -> None:
    rule = RemovedKeyword(
        "DUR6001", {"django.x.Signal": {"args": 0}}, advice="leave it out", removed_in="6.0"
    )
    text = 'from django.x import Signal\n\nsaved = Signal(\n    args=[\n        "a",\n    ]\n)\n'
    assert run(rule, text).fixed == "from django.x import Signal\n\nsaved = Signal()\n"
