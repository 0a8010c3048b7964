"""The forms of a plan: each module here is one, under its own name, and has ``render(plan, style)``."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from django_uplift.plan.model import Plan
from django_uplift.report.style import Style

NAMES = ("text", "json", "html")


def load(name: str) -> Callable[[Plan, Style], str]:
    """What renders a plan in a form of `NAMES`."""
    render: Callable[[Plan, Style], str] = importlib.import_module(f"{__name__}.{name}").render
    return render
