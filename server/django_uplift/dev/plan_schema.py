"""The JSON schema of a plan, derived from the types of its model."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from django_uplift.django.releases import Release
from django_uplift.plan.model import Counts, Plan, Readiness, StepKind

_MEANINGS: Mapping[type[Enum], str] = {
    Readiness: "now: a safe fix that the start runs with too; later: a safe fix that waits for a hop; "
    "person: somebody must decide.",
    StepKind: "What the step is about.",
}


def plan_schema() -> dict[str, Any]:
    """The schema (draft 7)."""
    definitions: dict[str, Any] = {}
    top = _type(Plan, definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "django-uplift --plan --output-format json",
        "description": "The way from one Django release to another. Lines and columns count from 1, columns in "
        "characters (code points); ends are exclusive.",
        **top,
        "definitions": dict(sorted(definitions.items())),
    }


def _type(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if get_origin(hint) is types.UnionType:
        return {"anyOf": [_type(part, definitions) for part in get_args(hint)]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _type(get_args(hint)[0], definitions)}
    if hint is type(None):
        return {"type": "null"}
    if hint is Release:
        return {"type": "string", "pattern": r"^\d+\.\d+$"}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"description": _MEANINGS[hint], "enum": [member.value for member in hint]}
    if isinstance(hint, type) and (hint is Counts or dataclasses.is_dataclass(hint)):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {}  # It may come again within itself.
            definitions[hint.__name__] = _object(hint, definitions)
        return {"$ref": f"#/definitions/{hint.__name__}"}
    return {"type": {str: "string", int: "integer", bool: "boolean"}[hint]}


def _object(model: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(model)
    return {
        "description": " ".join((model.__doc__ or "").split("\n\n")[0].split()),
        "type": "object",
        "additionalProperties": False,
        "required": list(hints),
        "properties": {name: _type(hint, definitions) for name, hint in hints.items()},
    }
