"""Who is asked for what our own inference can't tell: jedi, with what a project lets it know."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from django_uplift.project.files import FileStore
from django_uplift.project.modules import Modules
from django_uplift.types.jedi_bridge import JediBridge, Surroundings
from django_uplift.types.questions import Answer, Question


class Oracle:
    """Answers for one project.

    Without `answered`, whoever asks waits. With it, what is not known yet is found out in the background, and
    `answered` is called on another thread when it is.
    """

    def __init__(
        self,
        bridge: JediBridge,
        store: FileStore,
        root: Path,
        roots: Sequence[Path],
        paths: Iterable[Path],
        modules: Modules,
        answered: Callable[[], None] | None,
    ) -> None:
        self._bridge = bridge
        self._store = store
        self._root = root
        self._roots = roots
        self._paths = paths
        self._modules = modules
        self._answered = answered
        self._made: tuple[int, Surroundings] | None = None

    @property
    def _around(self) -> Surroundings:
        paths = tuple(self._paths)
        if self._made is None or self._made[0] != hash(paths):
            digest = hashlib.blake2b(
                "\0".join(map(os.fspath, paths)).encode("utf-8", "replace"), digest_size=16
            )
            packages = self._modules.packages
            # Installed packages are read there, and never imported.
            sys_path = [*self._roots, *(packages.folders if packages is not None else ())]
            around = Surroundings(self._root, tuple(dict.fromkeys(map(str, sys_path))), digest.hexdigest())
            self._made = hash(paths), around
        return self._made[1]

    def recall(self, question: Question) -> tuple[Answer, bool]:
        """What was answered before, and whether it still stands."""
        known = self._bridge.recall(self._around, question, self._store)
        return (self._bridge.guess(question), False) if known is None else (known, True)

    def ask(self, questions: Collection[Question]) -> Mapping[Question, Answer]:
        """The answers, as far as they are waited for."""
        if self._answered is not None:
            return {}
        return self._bridge.ask(self._around, questions, self._store)

    def awaits(self, questions: Collection[Question]) -> bool:
        """Whether answers to these questions will come; they are asked now."""
        if self._answered is None or not self._bridge.is_usable:
            return False
        self._bridge.later(self._around, questions, self._store, self._answered)
        return True
