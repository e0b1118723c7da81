"""The headless verbs: the command line, and what its exit status means."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

from console.book import Refused
from console.verbs.seat import DONE, FOUND, NO_STORE, USAGE, told
from console.words import Words, choose, words
from storage.errors import StoreError

CHARSETS = ("utf-8", "gb18030", "gbk", "big5", "latin-1")
"""Encodings of terminals: all of them hold ASCII as it is."""

Verb = Callable[[argparse.Namespace], int]
"""What runs a verb: its exit status."""


def main(argv: list[str], opens: Verb | None = None) -> int:
    """Run one verb; ``opens`` opens the screens where none is named.

    Exit status: 0 done, 1 refused or something was found, 2 wrong usage, 3 the store is not available.
    """
    gc.set_threshold(50_000, 20, 100)  # a verb is over soon, and most of what it makes is no garbage
    say = words(choose(_language(argv)))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a character shows ?
    if any(not word.isprintable() and word != word.encode("utf-8", "replace").decode() for word in argv):
        print(f"wanjia: {say('refused.not_text')}", file=sys.stderr)
        return USAGE
    os.umask(0o077)  # residents' names and troubles stand in what is written: nobody else's to read
    argv = _joined(argv)
    args = _parser(say, argv).parse_args(argv)
    args.opens = opens
    if args.run == "upkeep:console" and args.store and (args.name or args.sign_on):
        for name in [each for each in os.environ if each.startswith("WANJIA_")]:
            del os.environ[name]  # store and person are fixed: what else comes along a line changes nothing
    module, _, name = args.run.partition(":")
    try:
        run: Verb = getattr(importlib.import_module(f"console.verbs.{module}"), name)
        status = run(args)
        if sys.stdout is not None:
            sys.stdout.flush()
    except Refused as error:
        return _failed(args, error, say, FOUND)
    except StoreError as error:
        return _failed(args, error, say, NO_STORE)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return DONE
        if error.filename:
            return _failed(args, Refused("refused.file", file=str(error.filename), reason=error.strerror), say, FOUND)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        print(f"wanjia: {say('refused.output', reason=error.strerror or str(error))}", file=sys.stderr)
        return FOUND
    except KeyboardInterrupt:
        print(f"\nwanjia: {say('stopped')}", file=sys.stderr)
        return FOUND
    return status


def _failed(args: argparse.Namespace, error: Refused | StoreError, say: Words, status: int) -> int:
    """One line a person can act on; the trace only where it is asked for."""
    if args.debug:
        import traceback

        traceback.print_exc()
    print(f"wanjia: {told(error, say)}", file=sys.stderr)
    return status


def _language(argv: list[str]) -> str:
    """The language that the command line asks for, before it is parsed."""
    for place, word in enumerate(argv):
        if word.startswith("--lang="):
            return word[7:]
        if word == "--lang" and place + 1 < len(argv):
            return argv[place + 1]
    return ""


def _joined(argv: list[str]) -> list[str]:
    """The words with a query that begins with a minus in one with its option: argparse would take it for an option."""
    found: list[str] = []
    for word in argv:
        if found[-1:] == ["--query"] and word[:1] == "-" and word[:2] != "--" and ":" in word:
            found[-1] = f"--query={word}"
        else:
            found.append(word)
    return found


def version() -> str:
    """The version of this program, as pyproject.toml has it."""
    return "0.1.0"


def _parser(say: Words, argv: list[str]) -> argparse.ArgumentParser:
    """The command line, told in a language; verbs that ``argv`` does not name are only named."""
    form = _help(say)
    parser = argparse.ArgumentParser(
        prog="wanjia", description=say("cli.about"), epilog=say("cli.exit"), formatter_class=form, add_help=False
    )
    parser.add_argument("--store", metavar="ADDRESS", default="", help=say("cli.store"))
    parser.add_argument("--as", dest="name", metavar="NAME", default="", help=say("cli.as"))
    parser.add_argument("--lang", choices=("zh", "en"), default="", help=say("cli.lang"))
    parser.add_argument("--sign-on", action="store_true", help=say("cli.sign_on"))
    parser.add_argument("--theme", default="", help=say("cli.theme"))
    parser.add_argument("--ascii", action="store_true", help=say("cli.ascii"))
    parser.add_argument("--driver", choices=("thin", "textual"), default="thin", help=say("cli.driver"))
    parser.add_argument("--charset", choices=CHARSETS, default="", help=say("cli.charset"))
    parser.add_argument("--version", action="version", version=f"wanjia {version()}", help=say("cli.version"))
    parser.add_argument("--debug", action="store_true", help=say("cli.debug"))
    parser.set_defaults(run="upkeep:console")

    class Verb(argparse.ArgumentParser):
        """One verb's words; its help is added where it is the one that is asked for."""

        def __init__(self, **more: Any) -> None:
            """As every verb is laid out."""
            super().__init__(formatter_class=form, add_help=False, **more)

    verbs: argparse._SubParsersAction[argparse.ArgumentParser] = parser.add_subparsers(
        title=say("cli.verbs"), metavar="VERB", parser_class=Verb
    )
    _case_verbs(verbs, say)
    _table_verbs(verbs, say)
    _chat_verbs(verbs, say)
    _store_verbs(verbs, say)
    asked = [verb for name, verb in verbs.choices.items() if name in argv]
    for verb in asked:
        for flag in ("--store", "--as", "--lang"):
            more = {"dest": "name"} if flag == "--as" else {"choices": ("zh", "en")} if flag == "--lang" else {}
            verb.add_argument(flag, default=argparse.SUPPRESS, help=argparse.SUPPRESS, **more)
        verb.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    for each in (parser, *asked):
        each.add_argument("-h", "--help", action="help", help=say("cli.help"))
        each._positionals.title, each._optionals.title = say("cli.words"), say("cli.options")
    return parser


def _help(say: Words) -> type[argparse.HelpFormatter]:
    """How help is laid out: argparse's own, with its one fixed word in a language."""

    class Help(argparse.HelpFormatter):
        """Help in that language."""

        def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
            """The line that shows how the command is written."""
            super().add_usage(usage, actions, groups, say("cli.usage") if prefix is None else prefix)

    return Help


def _case_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser], say: Words) -> None:
    """What is done with cases, shifts and people."""
    verb = verbs.add_parser("do", help=say("cli.do"))
    verb.add_argument("act", nargs="?", metavar="ACT")
    verb.add_argument("fields", nargs="*", metavar="FIELD=VALUE")
    verb.add_argument("--list", action="store_true", help=say("cli.do_list"))
    verb.add_argument("--json", action="store_true", help=say("cli.json"))
    verb.set_defaults(run="cases:do")
    verb = verbs.add_parser("add", help=say("cli.add"))
    verb.add_argument("text", nargs="+", metavar="TEXT")
    verb.add_argument("--json", action="store_true", help=say("cli.json"))
    verb.set_defaults(run="cases:add")
    verb = verbs.add_parser("list", help=say("cli.list"))
    verb.add_argument("--view", default="all", metavar="NAME", help=say("cli.view"))
    verb.add_argument("--query", default="", metavar="Q", help=say("cli.query"))
    verb.add_argument("--limit", type=int, default=50, metavar="N", help=say("cli.limit"))
    verb.add_argument("--json", action="store_true", help=say("cli.json"))
    verb.set_defaults(run="listing:show_list")
    verb = verbs.add_parser("show", help=say("cli.show"))
    verb.add_argument("number", metavar="NUMBER")
    verb.add_argument("--json", action="store_true", help=say("cli.json"))
    verb.set_defaults(run="cases:show")
    verb = verbs.add_parser("handover", help=say("cli.handover"))
    verb.add_argument("--shift", default="", metavar="ID", help=say("cli.shift"))
    verb.add_argument("--format", choices=("text", "md", "html", "json"), default="text")
    verb.set_defaults(run="sheet:handover")
    verb = verbs.add_parser("staff", help=say("cli.staff"))
    verb.add_argument("what", choices=("add", "list", "leave", "pin", "key", "comings"))
    verb.add_argument("login", nargs="?", default="", metavar="LOGIN", help=say("cli.staff_login"))
    verb.add_argument("fields", nargs="*", metavar="FIELD=VALUE", help=say("cli.staff_fields"))
    verb.add_argument("--clear", action="store_true", help=say("cli.pin_clear"))
    verb.add_argument("--forgot", action="store_true", help=say("cli.pin_forgot"))
    verb.add_argument("--terminal", default="", metavar="NAME", help=say("cli.key_terminal"))
    verb.add_argument("--authorized", default="", metavar="FILE", help=say("cli.key_file"))
    verb.add_argument("--program", default="", metavar="PATH", help=say("cli.key_program"))
    verb.add_argument("--json", action="store_true", help=say("cli.json"))
    verb.set_defaults(run="people:staff")
    verb = verbs.add_parser("demo", help=say("cli.demo"))
    verb.add_argument("--keep", default="", metavar="FOLDER", help=say("cli.keep"))
    verb.add_argument("--group", action="store_true", help=say("cli.demo_group"))
    verb.set_defaults(run="people:demo")


def _table_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser], say: Words) -> None:
    """Tables in and out."""
    verb = verbs.add_parser("import", help=say("cli.import"))
    verb.add_argument("kind", metavar="KIND", help="issues, settings, agencies, categories, grids, staff")
    verb.add_argument("file", metavar="FILE")
    verb.add_argument("--map", default="", metavar="NAME|FILE.toml", help=say("cli.map"))
    verb.add_argument("--dry-run", action="store_true", help=say("cli.dry"))
    verb.set_defaults(run="exchange:bring_in")
    verb = verbs.add_parser("export", help=say("cli.export"))
    verb.add_argument("kind", metavar="KIND", help="issues, agencies, categories, grids, staff")
    verb.add_argument("--format", default="", metavar="csv|xlsx|jsonl|md|html")
    verb.add_argument("--out", default="", metavar="FILE", help=say("cli.out"))
    verb.add_argument("--query", default="", metavar="Q", help=say("cli.query"))
    verb.add_argument("--since", default="", metavar="D", help=say("cli.since"))
    verb.add_argument("--until", default="", metavar="D", help=say("cli.until"))
    verb.set_defaults(run="exchange:send_out")
    verb = verbs.add_parser("report", help=say("cli.report"))
    verb.add_argument("report", metavar="NAME", help="times, sources, grids, states, shifts, rates")
    verb.add_argument("--period", default="all", metavar="P", help=say("cli.period"))
    verb.add_argument("--format", choices=("text", "csv", "md", "html", "json"), default="text")
    verb.add_argument("--by", default="", metavar="WHAT", help=say("cli.report_by"))
    verb.add_argument("--cases", action="store_true", help=say("cli.report_cases"))
    verb.set_defaults(run="exchange:report")


def _chat_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser], say: Words) -> None:
    """The residents' group chat."""
    verb = verbs.add_parser("listen", help=say("cli.listen"))
    verb.add_argument("--host", default="127.0.0.1", metavar="H", help=say("cli.listen_host"))
    verb.add_argument("--port", type=int, default=8090, metavar="P", help=say("cli.listen_port"))
    verb.add_argument("--dial", action="append", default=[], metavar="URL", help=say("cli.listen_dial"))
    verb.add_argument("--token-file", default="", metavar="FILE", help=say("cli.listen_token"))
    verb.add_argument("--show-token", action="store_true", help=say("cli.listen_show"))
    verb.set_defaults(run="chat:listen")


def _store_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser], say: Words) -> None:
    """The store itself."""
    verb = verbs.add_parser("init", help=say("cli.init"))
    verb.add_argument("--name", dest="title", default="", metavar="TEXT", help=say("cli.init_name"))
    verb.add_argument("--chief", default="", metavar="NAME", help=say("cli.init_chief"))
    verb.add_argument("--timezone", default="", metavar="ZONE", help=say("cli.init_zone"))
    verb.set_defaults(run="upkeep:init")
    verb = verbs.add_parser("verify", help=say("cli.verify"))
    verb.add_argument("--head", action="append", default=[], metavar="N-HASH", help=say("cli.verify_head"))
    verb.set_defaults(run="upkeep:verify")
    verb = verbs.add_parser("repair", help=say("cli.repair"))
    verb.add_argument("--donor", metavar="FOLDER", help=say("cli.repair_donor"))
    verb.set_defaults(run="upkeep:repair")
    verb = verbs.add_parser("backup", help=say("cli.backup"))
    verb.add_argument("folder", metavar="FOLDER")
    verb.set_defaults(run="upkeep:backup")
    verb = verbs.add_parser("restore", help=say("cli.restore"))
    verb.add_argument("folder", metavar="FOLDER")
    verb.set_defaults(run="upkeep:restore")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
