"""What fixes make of code from Django 1.8's days, as it stands in published packages."""

from __future__ import annotations

import pytest

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
