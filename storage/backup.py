"""Copies a store to another folder, and a copy back into an empty one: always verified."""

from __future__ import annotations

import os
from collections.abc import Iterator

from storage import verify as checks
from storage.disk import TEMPORARY
from storage.engine import Engine
from storage.errors import Corrupt, Unavailable
from storage.folder import FOLDERS, Folder
from storage.options import Options
from storage.store import Change
from storage.upkeep import Upkeep
from storage.verify import Progress, Report

_COPIED = ("archive", "shelf", "journal")  # the journal last: it vouches for what was copied before


def backup(path: str, to: str, options: Options, progress: Progress | None = None) -> Report:
    """Copy the store in ``path`` to the empty folder ``to`` while others work in it, and check the copy.

    Raises ``Corrupt`` where the copy is not good, ``Unavailable`` where it cannot be made. The copy stays either way.
    """
    engine = Engine(Folder(path), options)
    try:
        with Upkeep(engine, options.kinds).alone(wait=True):  # no file is taken away while it is copied
            try:
                _copy(engine.folder, Folder(to), options, progress)
            except OSError as error:
                raise Unavailable(
                    "the copy to {to} could not be made: {reason}", to=to, reason=error.strerror or str(error)
                ) from error
    except OSError as error:
        raise Unavailable(
            "the copy to {to} could not be made: {reason}", to=to, reason=error.strerror or str(error)
        ) from error
    finally:
        engine.close()
    return _good(to, progress)


def restore(source: str, path: str, options: Options, progress: Progress | None = None) -> Report:
    """Copy the backup in ``source`` into the empty folder ``path``, check it, and record that it was restored."""
    held = Folder(source)
    held.book()
    try:
        _copy(held, Folder(path), options, progress)
    except OSError as error:
        raise Unavailable(
            "the copy to {to} could not be made: {reason}", to=path, reason=error.strerror or str(error)
        ) from error
    _good(path, progress)
    engine = Engine(Folder(path), options)
    try:
        with engine.exclusive() as at:
            said = f"from {os.path.abspath(source)}, which ended at {checks.short(engine.state.number, engine.state.hash)}"
            engine.commit(Change(who=options.user, what="restored", why=said, ops=()), at, [])
    finally:
        engine.close()
    return _good(path, None)


def _good(path: str, progress: Progress | None) -> Report:
    """The report on a copy. Raises ``Corrupt`` with the first finding."""
    report = checks.verify(path, progress=progress)
    if report.findings:
        os.unlink(os.path.join(path, "FORMAT"))  # nobody shall take it for a store
        raise Corrupt("the copy in {path} is not good and may be deleted: {finding}", path=path, finding=report.findings[0])
    return report


def _copy(source: Folder, to: Folder, options: Options, progress: Progress | None) -> None:
    """Copy the files of a store, durably: snapshots first, the journal last, FORMAT at the very end."""
    if os.path.isdir(to.path) and os.listdir(to.path):
        raise Unavailable("{path} is not empty; name an empty folder", path=to.path)
    if os.path.commonpath([source.path, to.path]) == source.path:
        raise Unavailable("{path} lies inside the store; name a folder elsewhere", path=to.path)
    os.makedirs(to.path, mode=0o700, exist_ok=True)
    os.chmod(to.path, 0o700)
    for part in FOLDERS:
        os.mkdir(os.path.join(to.path, part), 0o700)
    files = [os.path.basename(file) for file in (source.live, source.previous) if os.path.exists(file)]
    for part in _COPIED:
        files += [os.path.join(part, file) for file in sorted(os.listdir(os.path.join(source.path, part)))]
    files = [file for file in files if not file.endswith(TEMPORARY)]
    for done, file in enumerate([*files, "FORMAT"]):
        if progress:
            progress("copy", done, len(files) + 1)
        _copy_file(source, to, file, options)
    for part in ("", *_COPIED):
        options.disk.sync_folder(os.path.join(to.path, part))
    options.disk.sync_folder(os.path.dirname(to.path))


def _copy_file(source: Folder, to: Folder, file: str, options: Options) -> None:
    """Copy one file up to the size it has now: what is appended meanwhile comes with the next backup."""
    with open(os.path.join(source.path, file), "rb") as read:
        left = os.fstat(read.fileno()).st_size

        def chunks() -> Iterator[bytes]:
            nonlocal left
            while left > 0 and (chunk := read.read(min(left, 1 << 20))):
                left -= len(chunk)
                yield chunk

        options.disk.write_whole(os.path.join(to.path, file), chunks())
