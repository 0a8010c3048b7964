"""The settings of the VS Code extension: ``python -m django_uplift.dev.vscode_settings``.

Writes the block ``djangoUplift.checks`` of vscode-client/package.json and its texts in package.nls.json from
the one definition of the options. A test fails when they differ from what would be written.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from django_uplift.django.releases import RELEASED
from django_uplift.lsp.session import SECTION, SERVER_OPTIONS
from django_uplift.project.config import OPTIONS
from django_uplift.project.schema import json_schema

ROOT = Path(__file__).resolve().parents[3]
MANIFEST = ROOT / "vscode-client/package.json"
TEXTS = ROOT / "vscode-client/package.nls.json"
BLOCK = f"{SECTION}.checks"
_PREFIX = "config.checks."


class ServerSetting(NamedTuple):
    """A setting of the server that is no option of the engine."""

    schema: dict[str, Any]
    help: str
    choices: tuple[str, ...] = ()
    """What each value of an enumeration means."""


_SERVER: dict[str, ServerSetting] = {
    "diagnosticMode": ServerSetting(
        {"type": "string", "enum": ["openFilesOnly", "workspace"], "scope": "window"},
        "Which files are checked.",
        (
            "Those that are open.",
            "All, also those that are not open: the upgrade view shows the whole upgrade.",
        ),
    ),
    "codeLens": ServerSetting(
        {"type": "boolean", "scope": "window"},
        "Count, over each function, the queries that it makes on the event loop.",
    ),
    "inlayHints": ServerSetting(
        {"type": "boolean", "scope": "window"},
        "Mark what queries on the event loop, and say by which query.",
    ),
}


def settings() -> tuple[dict[str, Any], dict[str, str]]:
    """The block's properties, and their texts by key. Raises `KeyError` for a server's setting without a text."""
    properties: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for name, default in SERVER_OPTIONS.items():
        setting = _SERVER[name]
        texts[_PREFIX + name] = setting.help
        schema = {**setting.schema, "default": default, "markdownDescription": f"%{_PREFIX}{name}%"}
        if setting.choices:
            keys = [f"{_PREFIX}{name}.{value}" for value in setting.schema["enum"]]
            texts.update(zip(keys, setting.choices, strict=True))
            schema["enumDescriptions"] = [f"%{key}%" for key in keys]
        properties[f"{SECTION}.{name}"] = schema
    releases = [str(release) for release in RELEASED]
    described: dict[str, Any] = json_schema(releases=releases)["properties"]
    for option in OPTIONS:
        name = camel_case(option.name)
        schema = {key: value for key, value in described[option.name].items() if key != "description"}
        if "enum" in schema:
            schema["type"] = "string"
        if "default" not in schema:
            schema = _text(schema)
        schema["scope"] = "resource"
        schema["markdownDescription"] = f"%{_PREFIX}{name}%"
        texts[_PREFIX + name] = option.help
        properties[f"{SECTION}.{name}"] = schema
    for order, schema in enumerate(properties.values()):
        schema["order"] = order  # As they are listed here, rather than by the alphabet.
    return properties, texts


def _text(schema: dict[str, Any]) -> dict[str, Any]:
    """A text that need not be given, so that VS Code shows a field for it: left empty, it isn't sent."""
    kept = {key: value for key, value in schema.items() if key != "minLength"}
    if "pattern" in kept:
        kept["pattern"] = f"^$|{kept['pattern']}"
    return {**kept, "default": ""}


def camel_case(name: str) -> str:
    """An option's name as editors spell it: ``target-version`` becomes ``targetVersion``."""
    return re.sub(r"-([a-z])", lambda match: match[1].upper(), name)


def manifest(text: str) -> str:
    """package.json with our block made anew. Raises `StopIteration` if it has none."""
    document = json.loads(text)
    blocks = document["contributes"]["configuration"]
    block = next(block for block in blocks if block["id"] == BLOCK)
    block["properties"] = settings()[0]
    return _json(document)


def texts(text: str) -> str:
    """package.nls.json with our texts made anew."""
    kept = {key: value for key, value in json.loads(text).items() if not key.startswith(_PREFIX)}
    return _json({**kept, **settings()[1]})


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write both files."""
    MANIFEST.write_text(manifest(MANIFEST.read_text("utf-8")), "utf-8")
    TEXTS.write_text(texts(TEXTS.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
