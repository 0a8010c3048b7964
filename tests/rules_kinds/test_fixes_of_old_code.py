"""What fixes make of code from Django 1.8's days, as it stands in published packages."""

from __future__ import annotations

import pytest

from django_uplift_rules.clean_ups.import_fallback import rule as import_fallback
from django_uplift_rules.kinds import MovedModule, MovedName
from django_uplift_rules.upgrade.render_to_response import rule as render_to_response
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
    assert run(render_to_response, f"{_IMPORTS}{before}\n").fixed == f"{head}{after}\n"


def test_a_context_of_its_own_stays(run: Run) -> None:
    text = f'{_IMPORTS}render_to_response("a.html", context_instance=RequestContext(request, {{"a": 1}}))\n'
    assert run(render_to_response, text).fixed == text


def test_a_fallback_whose_names_are_used_stays(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(import_fallback), "default", True)
    text = """try:
    from django.utils.functional import keep_lazy
    LAZY = True
except ImportError:
    from django.utils.functional import allow_lazy
    LAZY = False
decorate = keep_lazy if LAZY else allow_lazy
"""
    result = run(import_fallback, text)
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
