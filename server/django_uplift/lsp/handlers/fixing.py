"""The command that fixes whole folders: file by file, so that typing goes before, and not before the user agrees."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types

from django_uplift.lsp import uris
from django_uplift.lsp.convert import text_edits
from django_uplift.lsp.progress import Progress
from django_uplift.lsp.protocol import Raw, Refused
from django_uplift.lsp.schedule import Priority, Token
from django_uplift.text.edits import Edit, small_edits
from django_uplift.text.lines import Lines

if TYPE_CHECKING:
    from django_uplift.engine.rule import Rule
    from django_uplift.lsp.documents import Snapshot
    from django_uplift.lsp.server import UpliftServer
    from django_uplift.project.files import FileKey

FIX = "djangoUplift.fix"
SAFE, UNSAFE = "safe", "unsafe"
CONFIRM, APPLY, EDIT = "confirm", "apply", "edit"
_RISKS = ("Behaviour stays as it is.", "Some of these may change behaviour: look at them.")


class FixedFile(NamedTuple):
    """What the fixes make of one file, and the state of it that they were made of."""

    path: Path
    uri: str
    snapshot: Snapshot | None
    key: FileKey | None
    lines: Lines
    edits: tuple[Edit, ...]
    fixed: Counter[Rule]


@dataclass
class _Run:
    rules: frozenset[Rule] | None
    unsafe: bool
    paths: list[Path]
    files: list[FixedFile] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """URIs of files left as they are, and why."""


async def fix(
    ls: UpliftServer,
    rule: str | list[str] | None = None,
    folder: str | list[str] | None = None,
    safety: str = SAFE,
    how: str = CONFIRM,
    *_: Any,
) -> Raw:
    """Fix what `rule` (a code, slug or family; all by default) finds in a folder or file (all roots by default).

    Both may be lists: then what any of the rules finds in any of the places is fixed, in one go.
    With `how` "confirm" or "apply" the client is asked to apply the edit, with or without a preview; with "edit" it
    is the answer's. The answer says what was fixed in how many files, and what was left out. Refused with a sentence
    for the user where that can't be done, or when the client cancels it.
    """
    _check(ls, safety, how)
    selectors = _texts(rule, "a rule")
    roots = [_path(uri) for uri in _texts(folder, "a folder's URI")] or list(ls.session.folders.values())
    progress = Progress(ls, "Fixing Django code", "the fixes were cancelled: nothing has changed")
    await progress.begin()
    try:
        run = await ls.worker.submit(lambda _: _begin(ls, selectors, roots, safety == UNSAFE), Priority.ASKED)
        for done, file in enumerate(run.paths):
            progress.report(done, len(run.paths))
            await ls.worker.submit(lambda _, file=file: _take(ls, run, file), Priority.BACKGROUND)  # type: ignore[misc]
        edit = await ls.worker.submit(lambda token: _end(ls, run, how, token), Priority.ASKED)
    finally:
        progress.end()
    return await _answer(ls, run, edit, how)


def _texts(value: Any, what: str) -> list[str]:
    """What a client gave for something of which there may be several."""
    texts: list[str] = value if isinstance(value, list) else [value] if value else []
    for text in texts:
        if not isinstance(text, str):
            raise Refused(types.ErrorCodes.InvalidParams, f"{text!r} is not {what}")
    return texts


def _path(uri: str) -> Path:
    path = uris.to_path(uri)
    if path is None:
        raise Refused(types.ErrorCodes.InvalidParams, f"{uri!r} is no folder's URI")
    return path


def _check(ls: UpliftServer, safety: str, how: str) -> None:
    if safety not in (SAFE, UNSAFE):
        raise Refused(types.ErrorCodes.InvalidParams, f"which fixes: 'safe' or 'unsafe', not {safety!r}")
    if how not in (CONFIRM, APPLY, EDIT):
        raise Refused(types.ErrorCodes.InvalidParams, f"how: 'confirm', 'apply' or 'edit', not {how!r}")
    if how != EDIT and not ls.session.abilities.apply_edit:
        message = "this editor applies no edits of servers (workspace/applyEdit)"
        raise Refused(types.LSPErrorCodes.RequestFailed, message)


async def _answer(ls: UpliftServer, run: _Run, edit: Raw | None, how: str) -> Raw:
    total: Counter[Rule] = sum((file.fixed for file in run.files), Counter())
    answer: dict[str, Any] = {
        "files": len(run.files),
        "fixed": {rule.code: count for rule, count in sorted(total.items(), key=lambda i: i[0].code)},
        "skipped": [{"uri": uri, "reason": reason} for uri, reason in run.skipped],
        "applied": False,
    }
    if how == EDIT:
        answer["edit"] = None if edit is None else edit.value
    elif edit is not None:
        params = Raw({"label": "Fix Django code", "edit": edit.value})
        result = await ls.ask(types.WORKSPACE_APPLY_EDIT, params)
        answer["applied"] = bool(getattr(result, "applied", False))
        answer["reason"] = getattr(result, "failure_reason", None)
    return Raw(answer)


# The worker's thread


def _begin(ls: UpliftServer, selectors: list[str], roots: list[Path], unsafe: bool) -> _Run:
    registry = ls.session.analyst.registry
    rules: set[Rule] = set()
    for selector in selectors:
        found = registry.matching(selector)
        if not found:
            message = registry.unknown(selector) or f"there is no rule {selector!r}"
            raise Refused(types.ErrorCodes.InvalidParams, message)
        rules.update(found)
    analyst = ls.session.analyst
    paths: dict[Path, None] = {}
    for root in roots:
        engine = analyst.engine_for(root / "any.py" if root.is_dir() else root)
        paths.update(dict.fromkeys(analyst.files_of(engine, root)))
    return _Run(frozenset(rules) if selectors else None, unsafe, list(paths))


def _take(ls: UpliftServer, run: _Run, path: Path) -> None:
    uri = ls.session.uri_of(path)
    try:
        made = _fixed(ls, run, path, uri)
    except UnicodeEncodeError as error:
        run.skipped.append((uri, f"the new text has {error.object[error.start]!a}, not in {error.encoding}"))
        return
    if made is not None:
        run.files.append(made)


def _fixed(ls: UpliftServer, run: _Run, path: Path, uri: str) -> FixedFile | None:
    """What the fixes make of a file as it is now; None if nothing. Raises `UnicodeEncodeError`."""
    session, analyst = ls.session, ls.session.analyst
    engine, snapshot, key = analyst.engine_for(path), session.documents.get(uri), None
    if snapshot is not None:
        findings = analyst.analyse(snapshot).findings
        text, source = snapshot.text, None
    else:
        try:
            key = analyst.store.key(path)
        except OSError:
            return None
        checked = engine.check(path)
        if checked.source is None:
            return None
        findings, source = checked.findings, checked.source
        text = source.text
    wanted = [f for f in findings if run.rules is None or f.rule in run.rules]
    if not any(fix.safety.value != "display" for finding in wanted for fix in finding.fixes):
        return None
    result = engine.fix_text(
        path, text, unsafe=run.unsafe, only=lambda f: run.rules is None or f.rule in run.rules
    )
    if result.text == text:
        return None
    if source is not None:
        source.encode(result.text)
    lines = snapshot.lines if snapshot is not None else Lines(text)
    return FixedFile(path, uri, snapshot, key, lines, tuple(small_edits(text, result.text)), result.fixed)


def _end(ls: UpliftServer, run: _Run, how: str, token: Token) -> Raw | None:
    """The edit of all files; those that changed since they were looked at are looked at once more."""
    for file in [file for file in run.files if not _is_current(ls, file)]:
        token.check()
        run.files.remove(file)
        _take(ls, run, file.path)
    return ls.freeze(edit_of(ls, run, confirm=how != APPLY)) if run.files else None


def _is_current(ls: UpliftServer, file: FixedFile) -> bool:
    if ls.session.documents.get(file.uri) is not file.snapshot:
        return False
    try:
        return file.snapshot is not None or ls.session.analyst.store.key(file.path) == file.key
    except OSError:
        return False


def edit_of(ls: UpliftServer, run: _Run, *, confirm: bool) -> types.WorkspaceEdit:
    """One edit of several files. Those that the same rules fix share an annotation, to be agreed to at once."""
    abilities = ls.session.abilities
    annotations: dict[str, types.ChangeAnnotation] = {}
    documents: list[types.TextDocumentEdit] = []
    changes: dict[str, list[types.TextEdit]] = {}
    risk = _RISKS[run.unsafe]
    for file in run.files:
        edits = changes[file.uri] = text_edits(file.lines, file.edits, abilities.encoding)
        rules = sorted(file.fixed, key=lambda rule: rule.code)
        name = "+".join(rule.code for rule in rules)
        annotations[name] = types.ChangeAnnotation(
            ", ".join(f"{rule.code} ({rule.slug})" for rule in rules),
            needs_confirmation=confirm,
            description=risk,
        )
        version = None if file.snapshot is None else file.snapshot.version
        documents.append(
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri=file.uri, version=version),
                [types.AnnotatedTextEdit(name, e.range, e.new_text) for e in edits]
                if abilities.annotations
                else list(edits),
            )
        )
    if not abilities.document_changes:
        return types.WorkspaceEdit(changes=changes)
    return types.WorkspaceEdit(
        document_changes=documents, change_annotations=annotations if abilities.annotations else None
    )
