import os
import stat
from pathlib import Path

import pytest

from django_uplift.project.files import FileStore, write_atomic
from django_uplift.project.modules import Modules


def test_overlay_wins_until_it_is_cleared(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"disk")
    store = FileStore()
    on_disk = store.key(path)
    store.set_overlay(path, b"open")
    opened = store.key(path)
    assert store.read(path) == b"open"
    store.set_overlay(path, b"more")
    assert len({on_disk, opened, store.key(path)}) == 3, "texts of one length must be told apart"
    store.clear_overlay(path)
    store.clear_overlay(path)
    assert (store.read(path), store.key(path)) == (b"disk", on_disk)


def test_overlay_of_an_unsaved_file_exists(tmp_path: Path) -> None:
    store, path = FileStore(), tmp_path / "new.py"
    assert not store.is_file(path)
    store.set_overlay(path, b"")
    assert store.is_file(path)
    assert store.read(path) == b""


def test_folder_of_an_unsaved_file_exists(tmp_path: Path) -> None:
    """Modules are looked for below folders alone."""
    store = FileStore()
    assert store.is_folder(tmp_path) and not store.is_folder(tmp_path / "new")
    store.set_overlay(tmp_path / "new" / "deep" / "a.py", b"")
    assert store.is_folder(tmp_path / "new") and store.is_folder(tmp_path / "new" / "deep")
    assert not store.is_folder(tmp_path / "ne")
    assert Modules(store, [tmp_path]).file_of("new.deep.a") == tmp_path / "new" / "deep" / "a.py"


def test_overlay_is_found_under_other_spellings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    (real / "a.py").write_bytes(b"disk")
    store = FileStore()
    store.set_overlay(tmp_path / "link" / "a.py", b"open")
    monkeypatch.chdir(tmp_path)
    for spelling in ("link/a.py", "real/a.py", "./real/../real/a.py"):
        assert store.read(Path(spelling)) == b"open", spelling


def test_read_refuses_what_is_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    store = FileStore()
    with pytest.raises(OSError, match="Not a regular file"):
        store.read(tmp_path / "pipe")
    with pytest.raises(IsADirectoryError):
        store.read(tmp_path)
    with pytest.raises(FileNotFoundError):
        store.read(tmp_path / "none")
    with pytest.raises(OSError, match="Not a regular file"):
        store.read(Path("/dev/zero"))


@pytest.mark.parametrize("mode", [0o640, 0o755])
def test_write_keeps_mode_and_replaces_the_file(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(mode)
    before = path.stat()
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert path.stat().st_ino != before.st_ino, "written in place: a reader may see half of it"
    assert list(tmp_path.iterdir()) == [path]


def test_write_of_a_new_file_honours_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_atomic(tmp_path / "a.py", b"new")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a.py").stat().st_mode) == 0o640


def test_write_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.py").write_bytes(b"old")
    (tmp_path / "first.py").symlink_to("deep/a.py")
    (tmp_path / "second.py").symlink_to("first.py")
    write_atomic(tmp_path / "second.py", b"new")
    assert (tmp_path / "deep" / "a.py").read_bytes() == b"new"
    assert (tmp_path / "second.py").is_symlink()
    assert (tmp_path / "first.py").is_symlink()


@pytest.mark.parametrize("broken", ["write", "fsync", "replace"])
def test_failure_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if broken == "write":
        data: bytes = "not bytes"  # type: ignore[assignment]
    else:
        monkeypatch.setattr(os, broken, fail)
        data = b"new"
    with pytest.raises((OSError, TypeError)):
        write_atomic(path, data)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


def test_write_refuses_read_only_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everything
    with pytest.raises(PermissionError):
        write_atomic(path, b"new")
    with pytest.raises(OSError, match="Not a regular file"):
        write_atomic(tmp_path, b"new")
    assert path.read_bytes() == b"old"


def test_owner_is_kept(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    os.chown(path, 12345, 12346)
    path.chmod(0o4755)
    write_atomic(path, b"new")
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (12345, 12346, 0o4755)
