"""The only door to the file system: reads that see open buffers first, and writes that are all or nothing."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import stat
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import NamedTuple

_CHUNK = 1 << 20
_OPEN_FLAGS = (
    os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
)
_CREATE_FLAGS = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)


class FileKey(NamedTuple):
    """Equal keys mean that the bytes haven't changed, as far as can be told without reading them."""

    mtime_ns: int
    size: int
    inode: int


def digest(data: bytes) -> str:
    """A name for some bytes that no others have."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


Watch = Callable[[str, str, str], None]
"""Told of what was asked (a letter), of which path, and the answer."""


class FileStore:
    """Files as the user sees them: the text in an open editor wins over the one on disk.

    Reading may happen on any thread; overlays are set by one.
    """

    __slots__ = ("_overlays", "_serial", "watch")

    def __init__(self) -> None:
        self._overlays: dict[str, tuple[bytes, int]] = {}
        self._serial = itertools.count(1)
        self.watch: Watch | None = None

    def read(self, path: Path) -> bytes:
        """As `peek`, and whoever watches is told."""
        if self.watch is None:
            return self.peek(path)
        try:
            data = self.peek(path)
        except OSError:
            self.watch("r", str(path), "")
            raise
        self.watch("r", str(path), digest(data))
        return data

    def answer(self, kind: str, path: str) -> str:
        """What a `watch` would be told of this question now."""
        match kind:
            case "r":
                try:
                    return digest(self.peek(Path(path)))
                except (OSError, ValueError):
                    return ""
            case "f":
                return str(self._overlay(Path(path)) is not None or os.path.isfile(path))
            case "d":
                return str(self._is_folder(Path(path)))
            case "t":
                return digest("\0".join(map(str, _below(path))).encode("utf-8", "surrogatepass"))
        return ""

    def unsure(self) -> None:
        """Tell who watches that what is found rests on more than the answers."""
        if self.watch is not None:
            self.watch("!", "", "")

    def below(self, folder: Path, without: Container[str] = ()) -> list[Path]:
        """All files below a folder in a fixed order, but for what lies in folders named `without`."""
        if self.watch is not None:
            self.watch("t", str(folder), self.answer("t", str(folder)))
        return list(_below(folder, without))

    def peek(self, path: Path) -> bytes:
        """The bytes of a file. Raises `OSError`, also for what is no regular file.

        Pipes and devices are refused because a project that was not written by the user may name them (in
        ``-r /dev/zero``, say), and reading them would never end.
        """
        if (overlay := self._overlay(path)) is not None:
            return overlay[0]
        descriptor = os.open(path, _OPEN_FLAGS)
        try:
            status = os.fstat(descriptor)
            mode = status.st_mode
            if not stat.S_ISREG(mode):
                code = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
                reason = os.strerror(code) if stat.S_ISDIR(mode) else "Not a regular file"
                raise OSError(code, reason, os.fspath(path))
            # One call for nearly every file; what grows meanwhile, or has no size, takes more.
            data = os.read(descriptor, status.st_size + 1)
            if len(data) == status.st_size:
                return data
            chunks = [data]
            while chunks[-1]:
                chunks.append(os.read(descriptor, _CHUNK))
            return b"".join(chunks)
        finally:
            os.close(descriptor)

    def fork(self) -> FileStore:
        """A store with the same overlays, to which more can be added without anybody seeing them here."""
        store = FileStore()
        store._overlays.update(self._overlays)
        # Serials tell texts apart: no two stores give the same one.
        store._serial = self._serial
        return store

    def view(self) -> FileStore:
        """The same store for somebody who is watched alone: what is laid over one shows in both."""
        store = FileStore()
        store._overlays, store._serial = self._overlays, self._serial
        return store

    def set_overlay(self, path: Path, data: bytes) -> None:
        """Let `data` stand for the file at `path`, under that name and under its real one."""
        overlay = data, next(self._serial)
        for key in _overlay_keys(path):
            self._overlays[key] = overlay

    def clear_overlay(self, path: Path) -> None:
        """Let the disk speak for `path` again; nothing happens if it already does."""
        for key in _overlay_keys(path):
            self._overlays.pop(key, None)

    def overlays(self) -> list[tuple[Path, bytes]]:
        """The open buffers, each under all names that it is known by."""
        return [(Path(key), data) for key, (data, _) in list(self._overlays.items())]

    def is_file(self, path: Path) -> bool:
        """Whether `path` can be read: a regular file, or an open buffer."""
        found = self._overlay(path) is not None or os.path.isfile(path)
        if self.watch is not None:
            self.watch("f", str(path), str(found))
        return found

    def is_folder(self, path: Path) -> bool:
        """Whether `path` is a folder, or would be one if open buffers were saved."""
        found = self._is_folder(path)
        if self.watch is not None:
            self.watch("d", str(path), str(found))
        return found

    def _is_folder(self, path: Path) -> bool:
        if os.path.isdir(path):
            return True
        inside = os.path.join(_lexical(path), "")
        return any(key.startswith(inside) for key in list(self._overlays))

    def key(self, path: Path) -> FileKey:
        """What changes when the file does. Raises `OSError`."""
        if (overlay := self._overlay(path)) is not None:
            data, serial = overlay
            return FileKey(-serial, len(data), 0)
        status = os.stat(path)
        return FileKey(status.st_mtime_ns, status.st_size, status.st_ino)

    def _overlay(self, path: Path) -> tuple[bytes, int] | None:
        if not self._overlays:
            return None
        return self._overlays.get(_lexical(path))


def _below(top: str | Path, without: Container[str] = ()) -> Iterator[Path]:
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if name not in without)
        yield from (Path(folder, name) for name in sorted(files))


def write_atomic(path: Path, data: bytes) -> None:
    """Replace a file's bytes so that a reader, a crash or a full disk never sees half of them.

    A link stays and its target is written; mode and, where the system allows it, owner are kept. Raises
    `OSError`, also for a file that the user may not write although its folder would allow the replacement.
    """
    target = os.path.realpath(path)
    try:
        old: os.stat_result | None = os.stat(target)
    except FileNotFoundError:
        old = None
    if old is not None:
        if not stat.S_ISREG(old.st_mode):
            raise OSError(errno.EINVAL, "Not a regular file", os.fspath(path))
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
    temporary, descriptor = _create_beside(target)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if old is not None:
            _copy_owner_and_mode(temporary, old)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _create_beside(target: str) -> tuple[str, int]:
    folder = os.path.dirname(target)
    while True:
        temporary = os.path.join(folder, f".django-uplift-{os.urandom(6).hex()}.tmp")
        try:
            return temporary, os.open(temporary, _CREATE_FLAGS, 0o666)
        except FileExistsError:
            continue


def _copy_owner_and_mode(path: str, old: os.stat_result) -> None:
    new = os.stat(path)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid) and hasattr(os, "chown"):
        with contextlib.suppress(OSError):  # Only root gives files away.
            os.chown(path, old.st_uid, old.st_gid)
    os.chmod(path, stat.S_IMODE(old.st_mode))  # After chown, which clears the set-id bits.


def _lexical(path: Path) -> str:
    return os.path.normcase(os.path.abspath(path))


def _overlay_keys(path: Path) -> set[str]:
    return {_lexical(path), os.path.normcase(os.path.realpath(path))}
