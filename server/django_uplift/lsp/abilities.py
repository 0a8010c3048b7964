"""What the client can do, read once from its capabilities."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from lsprotocol import types

from django_uplift.text.lines import PositionEncoding

_ENCODINGS = ("utf-8", "utf-16", "utf-32")


class Abilities(NamedTuple):
    """Answers that decide the form of what is sent. The defaults are those of a client that says nothing."""

    encoding: PositionEncoding = "utf-16"
    pull: bool = False
    """Diagnostics are asked for by the client, which can be told to ask again."""
    related_information: bool = False
    code_description: bool = False
    diagnostic_data: bool = False
    tags: frozenset[int] = frozenset()
    versions: bool = False
    """Published diagnostics may name the document's version."""
    lazy_edits: bool = False
    """The edit of a code action may come by resolving it."""
    literals: bool = False
    """Code actions may be more than commands."""
    document_changes: bool = False
    annotations: bool = False
    markdown: bool = True
    configuration: bool = False
    configuration_registration: bool = False
    watching: bool = False
    progress: bool = False
    apply_edit: bool = False
    lens_refresh: bool = False
    hint_refresh: bool = False


def abilities_of(capabilities: types.ClientCapabilities) -> Abilities:
    """The abilities that a client declares."""

    def get(path: str, default: object = None) -> Any:
        value: Any = capabilities
        for name in path.split("."):
            value = getattr(value, name, None)
            if value is None:
                return default
        return value

    offered = [str(getattr(e, "value", e)) for e in get("general.position_encodings", [])]
    encoding = next((e for e in offered if e in _ENCODINGS), "utf-16")
    # Since 3.18 what holds for pushed diagnostics is said of pulled ones separately.
    pushed, pulled = "text_document.publish_diagnostics.", "text_document.diagnostic."
    pull = get("text_document.diagnostic") is not None and bool(get("workspace.diagnostics.refresh_support"))

    def shown(name: str) -> Any:
        return get(pushed + name) or (pull and get(pulled + name)) or None

    tags = shown("tag_support")
    return Abilities(
        encoding=cast("PositionEncoding", encoding),
        pull=pull,
        related_information=bool(shown("related_information")),
        code_description=bool(shown("code_description_support")),
        diagnostic_data=bool(shown("data_support")),
        tags=frozenset(int(tag) for tag in getattr(tags, "value_set", ()) or ()),
        versions=bool(get(pushed + "version_support")),
        lazy_edits="edit" in (get("text_document.code_action.resolve_support.properties") or ())
        and bool(get("text_document.code_action.data_support")),
        literals=get("text_document.code_action.code_action_literal_support") is not None,
        document_changes=bool(get("workspace.workspace_edit.document_changes")),
        annotations=get("workspace.workspace_edit.change_annotation_support") is not None,
        markdown=_markdown(get("text_document.hover.content_format")),
        configuration=bool(get("workspace.configuration")),
        configuration_registration=bool(get("workspace.did_change_configuration.dynamic_registration")),
        watching=bool(get("workspace.did_change_watched_files.dynamic_registration")),
        progress=bool(get("window.work_done_progress")),
        apply_edit=bool(get("workspace.apply_edit")),
        lens_refresh=bool(get("workspace.code_lens.refresh_support")),
        hint_refresh=bool(get("workspace.inlay_hint.refresh_support")),
    )


def _markdown(formats: Any) -> bool:
    return not formats or types.MarkupKind.Markdown in formats
