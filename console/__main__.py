"""The headless verbs: work on a store without a screen."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path

from console.clock import now
from storage.errors import StoreError
from storage.options import Options

DONE, FOUND, NO_STORE = 0, 1, 3


def main(argv: list[str]) -> int:
    """Run one verb. Exit status: 0 done, 1 something was found, 2 wrong usage, 3 the store is not available."""
    args = _parser().parse_args(argv)
    try:
        run: Callable[[argparse.Namespace], int] = args.run
        return run(args)
    except StoreError as error:
        print(f"wanjia: {error}", file=sys.stderr)
        return NO_STORE


def _parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="wanjia", description="The duty console of a community station.")
    parser.add_argument("--store", default=os.environ.get("WANJIA_STORE", "data"), help="folder of the store (data)")
    parser.set_defaults(run=show)
    verbs = parser.add_subparsers(title="verbs")
    verb = verbs.add_parser("init", help="make a new store in an empty folder")
    verb.set_defaults(run=init)
    verb = verbs.add_parser("verify", help="check the store from its first byte to its last")
    verb.add_argument("--head", action="append", default=[], help="an entry kept on paper, as in 4711-9d76e861dd83")
    verb.set_defaults(run=verify)
    verb = verbs.add_parser("repair", help="make a damaged store whole again; close every other session first")
    verb.add_argument("--donor", help="a backup to take from what is lost here")
    verb.set_defaults(run=repair)
    verb = verbs.add_parser("backup", help="copy the store to an empty folder, and check the copy")
    verb.add_argument("folder")
    verb.set_defaults(run=backup)
    verb = verbs.add_parser("restore", help="copy a backup into a store's empty folder, and check it")
    verb.add_argument("folder", help="the backup")
    verb.set_defaults(run=restore)
    return parser


def _options() -> Options:
    """How every verb opens a store."""

    def waiting(holder: str, seconds: float) -> None:
        print(f"wanjia: waiting {seconds:.0f} s for {holder}", file=sys.stderr)

    return Options(now=now, user=getpass.getuser(), waiting=waiting)


def _progress(what: str, done: int, of: int) -> None:
    """Show on a terminal how far a long work has come; silent in a pipe."""
    if sys.stderr.isatty():
        print(f"\r{what} {done}/{of} ", end="", file=sys.stderr, flush=True)


def show(args: argparse.Namespace) -> int:
    """Print what the store holds."""
    from storage.files import FileStore

    store = FileStore(args.store, _options())
    try:
        hot = store.load()
        print(f"{store.path}: {store.number} entries" + (f", read-only: {store.trouble}" if store.trouble else ""))
        for kind, documents in sorted(hot.documents.items()):
            print(f"  {kind}: {len(documents)}")
    finally:
        store.close()
    return DONE


def init(args: argparse.Namespace) -> int:
    """Make a new store."""
    from storage.files import FileStore

    FileStore.create(args.store, _options()).close()
    print(f"a new store was made in {Path(args.store).resolve()}")
    return DONE


def verify(args: argparse.Namespace) -> int:
    """Check the store and print what is wrong with it."""
    from storage.verify import verify as check

    report = check(args.store, heads=tuple(args.head), progress=_progress)
    for line in report.notes:
        print(f"note: {line}")
    for line in report.findings:
        print(f"found: {line}")
    print(
        f"{report.entries} entries in {report.segments} segments, {report.documents} documents, "
        f"{report.archived} archived, {report.shelved} shelved; head {report.head}"
    )
    return FOUND if report.findings else DONE


def repair(args: argparse.Namespace) -> int:
    """Repair the store and print what was done and what is lost."""
    from storage.repair import repair as mend

    result = mend(args.store, _options(), args.donor)
    for line in result.done:
        print(f"done: {line}")
    for line in result.lost:
        print(f"lost: {line}")
    if result.quarantine:
        print(f"what was replaced lies in {result.quarantine}")
    if not result.done and not result.lost:
        print("nothing had to be repaired")
    return FOUND if result.lost else DONE


def backup(args: argparse.Namespace) -> int:
    """Copy the store to another folder."""
    from storage.backup import backup as copy

    report = copy(args.store, args.folder, _options(), _progress)
    print(f"{report.entries} entries copied to {Path(args.folder).resolve()} and checked; head {report.head}")
    return DONE


def restore(args: argparse.Namespace) -> int:
    """Copy a backup back."""
    from storage.backup import restore as copy

    report = copy(args.folder, args.store, _options(), _progress)
    print(f"{report.entries} entries restored to {Path(args.store).resolve()} and checked; head {report.head}")
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
