"""Which project a file belongs to, and with which settings.

Every folder that holds a configuration of ours is a project of its own, as each package of a monorepo may
stand on another Django.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django_uplift.project.config import ConfigError, Settings, find_config, load, override
from django_uplift.project.discovery import Excludes
from django_uplift.project.environments import Packages
from django_uplift.project.files import FileStore

# Each says: here a project starts, even if nothing configures us.
_MARKERS = ("pyproject.toml", ".git")
# These say so only outside packages: cms/utils/setup.py of django CMS is a module like any other.
_MARKERS_OUTSIDE_PACKAGES = ("setup.py", "setup.cfg", "manage.py")


class _Found(NamedTuple):
    """What a folder and those above it say. `settings` is without the overrides."""

    settings: Settings | ConfigError | None
    root: Path | None


class Workspace:
    """Finds the settings of files. Answers are remembered until `invalidate`; any thread may ask.

    `overrides` are the command line's options by field name (see `config.override`), or a function that puts
    others on top, such as an editor's. `config` is a file that stands for all others, `isolated` leaves all
    out. `base` is the root for files that lie in no project, if they lie below it. `environment` is the
    virtual environment that is active: it stands for projects without one of their own.
    """

    def __init__(
        self,
        store: FileStore,
        overrides: Mapping[str, Any] | Callable[[Settings], Settings] | None = None,
        *,
        config: Path | None = None,
        isolated: bool = False,
        base: Path | None = None,
        environment: Path | None = None,
    ) -> None:
        self.store = store
        self.environment = environment
        self._override: Callable[[Settings], Settings]
        if overrides is None:
            self._override = lambda settings: settings
        elif callable(overrides):
            self._override = overrides
        else:
            options = dict(overrides)
            self._override = lambda settings: override(settings, **options)
        self._config = config
        self._isolated = isolated
        self._base = None if base is None else Path(os.path.abspath(base))
        self._lock = threading.Lock()
        self._forget()

    def overridden(self, more: Callable[[Settings], Settings], store: FileStore | None = None) -> Workspace:
        """A workspace like this one, with `more` laid over the settings of all its files; or over another store."""
        return Workspace(
            store or self.store,
            lambda settings: more(self._override(settings)),
            config=self._config,
            isolated=self._isolated,
            base=self._base,
            environment=self.environment,
        )

    def settings_for(self, path: Path) -> Settings:
        """The settings that hold for a file or folder. Raises `ConfigError` where they are wrong."""
        absolute = os.path.abspath(path)
        return self._settings_in(absolute if os.path.isdir(absolute) else os.path.dirname(absolute))

    def settings_in(self, folder: Path) -> Settings:
        """The settings that hold for what lies in `folder`. Raises `ConfigError`."""
        return self._settings_in(os.path.abspath(folder))

    def excludes_for(self, folder: Path) -> Excludes:
        """What is left out in `folder`, for `discovery.find_files`. Raises `ConfigError`."""
        settings = self.settings_in(folder)
        with self._lock:
            excludes = self._excludes.get(settings.root)
            if excludes is None:
                excludes = self._excludes[settings.root] = Excludes(
                    settings.root,
                    (*settings.exclude, *settings.extend_exclude),
                    respect_gitignore=settings.respect_gitignore,
                )
            return excludes

    def source_roots(self, settings: Settings) -> tuple[Path, ...]:
        """The folders that the project's absolute imports start from, the most likely first."""
        if settings.source_roots:
            return tuple(Path(os.path.normpath(settings.root / folder)) for folder in settings.source_roots)
        root = settings.root
        roots = [root]
        if (root / "src").is_dir():
            roots.append(root / "src")
        try:
            names = sorted(os.listdir(root))
        except OSError:
            names = []
        roots += [root / name for name in names if os.path.isfile(root / name / "manage.py")]
        roots += self.packages(settings).project_roots
        return tuple(dict.fromkeys(roots))

    def packages(self, settings: Settings, store: FileStore | None = None) -> Packages:
        """What the project's environment holds, read through a store of the caller's if there is one."""
        return Packages(store or self.store, settings.root, settings.environment, self.environment)

    def environment_of(self, settings: Settings) -> Path | None:
        """The environment that is named for a project, by its configuration or as the active one."""
        if settings.environment is not None:
            return Path(os.path.normpath(settings.root / os.path.expanduser(settings.environment)))
        return self.environment

    def invalidate(self) -> None:
        """Forget all answers: a configuration file, or a file that marks a project, came, went or changed."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        self._found: dict[str, _Found] = {}
        self._settings: dict[str, Settings | ConfigError] = {}
        self._final: dict[tuple[Path, Path | None], Settings | ConfigError] = {}
        self._excludes: dict[Path, Excludes] = {}

    def _settings_in(self, folder: str) -> Settings:
        with self._lock:
            settings = self._settings.get(folder)
            if settings is None:
                settings = self._settings[folder] = self._decide(Path(folder))
        if isinstance(settings, ConfigError):
            raise settings
        return settings

    def _decide(self, folder: Path) -> Settings | ConfigError:
        found = self._find(folder)
        if isinstance(found.settings, ConfigError):
            return found.settings
        settings = found.settings
        if self._config is not None:
            try:
                settings = load(self._config, self.store)
            except ConfigError as error:
                return error
        if settings is None:
            settings = Settings(found.root or self._fallback(folder))
        # One value for one project, so that projects can be told apart by identity.
        at = settings.root, settings.origin
        if at not in self._final:
            try:
                self._final[at] = self._override(settings)
            except ConfigError as error:
                self._final[at] = error
        return self._final[at]

    def _find(self, folder: Path) -> _Found:
        """Asks upwards, and remembers the answer for every folder on the way."""
        way: list[Path] = []
        found = _Found(None, None)
        for current in (folder, *folder.parents):
            known = self._found.get(os.fspath(current))
            if known is not None:
                found = known
                break
            way.append(current)
        for current in reversed(way):
            found = self._look(current, found)
            self._found[os.fspath(current)] = found
        return found

    def _look(self, folder: Path, above: _Found) -> _Found:
        settings = above.settings
        if not self._isolated and self._config is None:
            try:
                settings = find_config(folder, self.store) or above.settings
            except ConfigError as error:
                settings = error
        return _Found(settings, folder if _starts_project(folder) else above.root)

    def _fallback(self, folder: Path) -> Path:
        """The root of files in no project: the base if it is above, else where their package starts."""
        if self._base is not None and (folder == self._base or self._base in folder.parents):
            return self._base
        for above in (folder, *folder.parents):
            if above.name == "templates":
                # The app that the templates belong to.
                folder = above.parent
        while os.path.isfile(folder / "__init__.py") and folder != folder.parent:
            folder = folder.parent
        return folder


def _starts_project(folder: Path) -> bool:
    def has(name: str) -> bool:
        return os.path.exists(os.path.join(folder, name))

    return any(map(has, _MARKERS)) or (any(map(has, _MARKERS_OUTSIDE_PACKAGES)) and not has("__init__.py"))
