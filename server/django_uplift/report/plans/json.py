"""A plan for programs, as ``plan.schema.json`` describes it: the model, field by field.

The text is ASCII, so that no console's encoding can spoil it.
"""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from typing import Any

from django_uplift.django.releases import Release
from django_uplift.plan.model import Counts, Plan
from django_uplift.report.style import Style


def render(plan: Plan, style: Style) -> str:
    """One object."""
    return json.dumps(as_json(plan), indent=2) + "\n"


def as_json(value: Any) -> Any:
    """A value of the model in JSON's types: releases are strings, counts objects."""
    if isinstance(value, Release):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Counts):
        return value._asdict()
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value
