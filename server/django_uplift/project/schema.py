"""The JSON schema of the configuration, generated from its one definition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django_uplift.project.config import CONFIDENCES, FACTS, OPTIONS, SEVERITIES, Facts, Kind, Option


def json_schema(*, releases: Sequence[str] = (), selectors: Sequence[str] = ()) -> dict[str, Any]:
    """The schema (draft 7) of django-uplift.toml and of ``[tool.django-uplift]``.

    `releases` and `selectors` are offered for completion; other values stay valid, since a rule pack may
    bring its own.
    """
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "django-uplift",
        "description": "The options of django-uplift.toml and of [tool.django-uplift] in pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {option.name: _property(option, releases, selectors) for option in OPTIONS},
    }


def _property(option: Option, releases: Sequence[str], selectors: Sequence[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"description": option.help, **_type(option.kind)}
    if option.default is not None:
        schema["default"] = _plain(option.default)
    if option.kind == "release" and releases:
        schema["examples"] = list(releases)
    if option.kind == "selectors" and selectors:
        schema["items"] = {**schema["items"], "examples": list(selectors)}
    return schema


def _type(kind: Kind) -> dict[str, Any]:
    if kind == "release":
        return {"type": "string", "pattern": r"^\d+\.\d+(\.\d+)?$"}
    if kind == "folder":
        return {"type": "string", "minLength": 1}
    if kind == "flag":
        return {"type": "boolean"}
    if kind == "confidence":
        return {"enum": list(CONFIDENCES)}
    if kind == "selectors-by-glob":
        return {"type": "object", "additionalProperties": _strings()}
    if kind == "severities":
        return {"type": "object", "additionalProperties": {"enum": list(SEVERITIES)}}
    if kind == "facts":
        properties = {name: {"description": text, **_strings()} for name, text in FACTS.items()}
        return {"type": "object", "additionalProperties": False, "properties": properties}
    return _strings()


def _strings() -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "minLength": 1}}


def _plain(value: object) -> object:
    if isinstance(value, Facts):
        return {key: list(names) for key, names in value._asdict().items()}
    return list(value) if isinstance(value, tuple) else value
