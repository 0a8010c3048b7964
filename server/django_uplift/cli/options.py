"""The command line: every option, in groups, with help worth reading."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from typing import NoReturn

from django_uplift import __version__
from django_uplift.report import formats

_USAGE = """\
django-uplift --check [PATH ...]             report what breaks or blocks
       django-uplift --fix [PATH ...]               repair it
       django-uplift --plan [PATH ...]              plan the way to another Django
       django-uplift --explain RULE | --list-rules  read about rules
       django-uplift --stdio | --tcp PORT           serve an editor"""

_DESCRIPTION = """\
Reads Django projects and says what stops them from running on a newer Django: deprecated and removed
APIs, and synchronous queries in async code. The code is read, never imported or run."""

_EPILOG = """\
examples:
  django-uplift --check                                what has to change here, for the declared Django
  django-uplift --check --target-version 6.1 shop      ... on the way to Django 6.1
  django-uplift --diff shop                            what --fix would do
  django-uplift --plan --from 4.2 --to 6.1             the way there: hops, blockers, an order of work
  django-uplift --plan --to 6.1 --output-format html --output-file plan.html
  django-uplift --fix --select DUR4001,upgrade shop    repair the findings of some rules only
  django-uplift --check --output-format json . > findings.json
  git show :shop/views.py | django-uplift --check - --stdin-filename shop/views.py

exit codes:
  0    nothing found, or hints alone
  1    findings (with --diff: there are changes to make; with --plan: something stands in the way)
  2    wrong usage or configuration, or a mistake of ours
  130  interrupted

Options are read from [tool.django-uplift] in pyproject.toml, or from django-uplift.toml; the nearest such
file above the checked one counts, and the command line wins."""


PLAN_FORMATS = ("text", "json", "html")
"""As `report.plans` has them, which is not imported for every check."""


class Options(argparse.Namespace):
    """The parsed command line."""

    paths: list[str]
    check: bool
    fix: bool
    diff: bool
    plan: bool
    plan_from: str | None
    plan_to: str | None
    explain: str | None
    explain_silence: str | None
    list_rules: bool
    show_settings: bool
    show_files: bool
    stdio: bool
    tcp: str | None
    select: list[str] | None
    ignore: list[str] | None
    extend_select: list[str] | None
    target_version: str | None
    min_confidence: str | None
    unsafe_fixes: bool | None
    config: str | None
    isolated: bool
    stdin_filename: str | None
    output_format: str
    output_file: str | None
    statistics: bool
    exit_zero: bool
    no_cache: bool
    color: str
    quiet: bool
    verbose: bool


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {message}\nSee 'django-uplift --help'.\n")


def parse(argv: Sequence[str] | None = None) -> Options:
    """Read the command line. Leaves by `SystemExit` after --help and --version (0), and for mistakes (2)."""
    parser = _parser()
    options, unknown = parser.parse_known_intermixed_args(argv, Options())
    if unknown:
        parser.error(_unknown(parser, unknown[0]))
    _complete(parser, options)
    return options


def _unknown(parser: argparse.ArgumentParser, wrong: str) -> str:
    known = [name for action in parser._actions for name in action.option_strings if name.startswith("--")]
    near = difflib.get_close_matches(wrong.split("=")[0], known, n=1)
    return f"there is no option {wrong!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _complete(parser: argparse.ArgumentParser, options: Options) -> None:
    """Check what argparse can't, and settle what is to be done."""
    modes = [
        name
        for name, given in (
            ("--plan", options.plan),
            ("--explain", options.explain is not None),
            ("--explain-silence", options.explain_silence is not None),
            ("--list-rules", options.list_rules),
            ("--show-settings", options.show_settings),
            ("--show-files", options.show_files),
            ("--stdio", options.stdio),
            ("--tcp", options.tcp is not None),
            ("--check", options.check or options.fix or options.diff or options.statistics),
        )
        if given
    ]
    if len(modes) > 1:
        parser.error(f"{modes[0]} and {modes[1]} don't go together")
    if options.fix and options.diff:
        parser.error("--fix and --diff don't go together: --diff shows what --fix would do")
    if not modes:
        if not options.paths:
            parser.error("say what to do: --check reports, --fix repairs, --stdio serves an editor")
        options.check = True
    _complete_plan(parser, options)
    if "-" in options.paths and options.paths != ["-"]:
        parser.error("'-' stands for standard input and can't be checked together with other paths")
    if options.stdin_filename is not None and options.paths != ["-"]:
        parser.error("--stdin-filename names what '-' reads; give '-' as the only path")
    if options.config is not None and options.isolated:
        parser.error("--config and --isolated don't go together")
    if options.quiet and options.verbose:
        parser.error("--quiet and --verbose don't go together")


def _complete_plan(parser: argparse.ArgumentParser, options: Options) -> None:
    if options.plan:
        if options.output_format not in PLAN_FORMATS:
            parser.error(f"--plan comes as {', '.join(PLAN_FORMATS)}, not as {options.output_format}")
        if "-" in options.paths:
            parser.error("--plan is for a project; standard input is one file")
        if options.plan_to is not None and options.target_version is not None:
            parser.error("--to and --target-version mean the same for a plan; give one")
        return
    for name, value in (("--from", options.plan_from), ("--to", options.plan_to)):
        if value is not None:
            parser.error(f"{name} belongs to --plan")
    if options.output_format not in formats.names():
        parser.error(f"--output-format {options.output_format} belongs to --plan")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="django-uplift",
        usage=_USAGE,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(
            prog, max_help_position=32, width=110
        ),
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders, or '-' for standard input; default: ."
    )

    modes = parser.add_argument_group("what to do")
    flag(modes, "--check", "report findings, change nothing")
    flag(modes, "--fix", "make the safe fixes, then report what is left")
    flag(modes, "--diff", "show what --fix would change, as a unified diff; change nothing")
    flag(modes, "--statistics", "report how often each rule found something, instead of the findings")
    flag(
        modes,
        "--plan",
        "plan the way to another Django: hop by hop, what breaks, what blocks, what to do first",
    )
    modes.add_argument("--explain", metavar="RULE", help="show a rule's page; RULE is a code or slug")
    modes.add_argument(
        "--explain-silence",
        metavar="FILE:LINE",
        help="say what is known about the async code of a line, and where knowledge ends",
    )
    flag(modes, "--list-rules", "list the rules that there are")
    flag(modes, "--show-files", "list the files that would be checked")
    flag(modes, "--show-settings", "show the settings that hold for PATH, and where they come from")
    flag(modes, "--stdio", "run the language server on standard input and output")
    modes.add_argument("--tcp", metavar="[HOST:]PORT", help="run the language server on a socket")

    what = parser.add_argument_group("what to look for")
    what.add_argument(
        "--target-version",
        metavar="X.Y",
        help="the Django that the code must work on; default: as the project declares",
    )
    for name, text in (
        ("--select", "run these rules alone: codes, code prefixes, slugs, families, or ALL; repeatable"),
        ("--ignore", "leave these rules out"),
        ("--extend-select", "run these rules too"),
    ):
        what.add_argument(name, metavar="RULES", action="extend", type=_commas, help=text)
    what.add_argument(
        "--min-confidence",
        choices=("proven", "likely", "possible"),
        help="how sure a finding must be; default: likely",
    )
    what.add_argument(
        "--unsafe-fixes",
        action=argparse.BooleanOptionalAction,
        help="count and make the fixes that may change what the code does, too",
    )

    way = parser.add_argument_group("the way that --plan takes, by every LTS release on it")
    way.add_argument(
        "--from",
        dest="plan_from",
        metavar="X.Y",
        help="the Django that the project runs on; default: as it declares",
    )
    way.add_argument(
        "--to",
        dest="plan_to",
        metavar="X.Y",
        help="the Django to arrive at; default: the configured target, else the newest release",
    )

    where = parser.add_argument_group("where settings and text come from")
    where.add_argument("--config", metavar="FILE", help="use this configuration file and no other")
    flag(where, "--isolated", "use no configuration file")
    where.add_argument("--stdin-filename", metavar="FILE", help="the name of the file that '-' reads")
    flag(where, "--no-cache", "remember nothing between runs")

    output = parser.add_argument_group("output")
    output.add_argument(
        "--output-format",
        choices=tuple(dict.fromkeys((*formats.names(), *PLAN_FORMATS))),
        default="text",
        help="default: text; html is for --plan",
    )
    output.add_argument(
        "--output-file", metavar="FILE", help="write the report there instead of standard output"
    )
    flag(output, "--exit-zero", "exit with 0 even if there are findings")
    output.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="default: auto, which heeds NO_COLOR and FORCE_COLOR",
    )
    flag(output, "--quiet", "findings alone, no summary", short="-q")
    flag(output, "--verbose", "say on standard error what is done", short="-v")

    other = parser.add_argument_group("about")
    other.add_argument(
        "--version", action="version", version=f"django-uplift {__version__}", help="show the version"
    )
    other.add_argument("-h", "--help", action="help", help="show this text")
    # Language clients of the vscode-languageclient family pass it.
    parser.add_argument("--clientProcessId", help=argparse.SUPPRESS)
    return parser


def flag(group: argparse._ArgumentGroup, name: str, text: str, *, short: str | None = None) -> None:
    """Add an option without a value."""
    group.add_argument(*filter(None, (short, name)), action="store_true", help=text)


def _commas(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise argparse.ArgumentTypeError("expected rules, separated by commas")
    return names
