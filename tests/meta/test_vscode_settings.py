"""The extension's settings are those of the server: neither side drifts."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from django_uplift.dev import vscode_settings
from django_uplift.lsp.session import SECTION, Session
from django_uplift.project.config import OPTIONS, Settings, override_mapping


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return json.loads(vscode_settings.MANIFEST.read_text("utf-8"))


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return json.loads(vscode_settings.TEXTS.read_text("utf-8"))


def properties(manifest: dict[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(f"{SECTION}."): schema
        for block in manifest["contributes"]["configuration"]
        for name, schema in block["properties"].items()
    }


def test_the_committed_settings_are_what_would_be_written(manifest, texts) -> None:
    written, wanted = vscode_settings.settings()
    block = next(b for b in manifest["contributes"]["configuration"] if b["id"] == vscode_settings.BLOCK)
    assert block["properties"] == written, "run python -m django_uplift.dev.vscode_settings"
    assert {k: v for k, v in texts.items() if k.startswith("config.checks.")} == wanted


def test_what_is_written_is_written_again_the_same() -> None:
    once = vscode_settings.manifest(vscode_settings.MANIFEST.read_text("utf-8"))
    assert vscode_settings.manifest(once) == once


def test_every_option_is_a_setting_whose_default_the_server_takes(manifest, tmp_path) -> None:
    declared = properties(manifest)
    for option in OPTIONS:
        schema = declared[vscode_settings.camel_case(option.name)]
        if schema["default"] == "":
            assert schema["type"] == "string" and re.search(schema.get("pattern", ""), "")
        else:
            given = {vscode_settings.camel_case(option.name): schema["default"]}
            settings = override_mapping(Settings(tmp_path), given)
            assert getattr(settings, option.field) == option.default


def test_settings_of_the_extension_alone_never_reach_the_engine(manifest) -> None:
    """The server complains to the user about options that it does not know."""
    engine = {vscode_settings.camel_case(option.name) for option in OPTIONS}
    session = Session(analyst=None)
    session.set_initial({name.split(".")[0]: 1 for name in properties(manifest) if name not in engine})
    assert all(not folder.options for folder in session.roofs())


def test_settings_that_name_programs_are_the_machines_and_need_trust(manifest) -> None:
    restricted = manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    for name in ("interpreter", "importStrategy", "args"):
        assert properties(manifest)[name]["scope"] == "machine-overridable"
        assert f"{SECTION}.{name}" in restricted


def test_every_text_is_there_and_used(manifest, texts) -> None:
    used = set(re.findall(r'"%([\w.]+)%"', json.dumps(manifest)))
    assert used == set(texts)
