"""Commands about records and rules: what is on record, what was held, who answered, what rules would do."""

from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.options import options

audit = typer.Typer(help="The record of who did what.", no_args_is_help=True)
guard = typer.Typer(help="What the send guard held, and what people decided.", no_args_is_help=True)
export = typer.Typer(help="Write records to a file.", no_args_is_help=True)
rules = typer.Typer(help="The operator's rules: are they right, and what would they do.", no_args_is_help=True)


@audit.command("verify")
def audit_verify() -> None:
    """Look for entries that were changed, removed, added or swapped. Exit code 0: in order, 2: tampered with."""
    from bridge.cli.audit import verify  # noqa: PLC0415 - see the package

    raise typer.Exit(verify(options.config))


@export.command("consent")
def export_consent(
    form: Annotated[str, typer.Option("--format", help="csv or json.")] = "csv",
    out: Annotated[Path | None, typer.Option(help="The file; without it, standard output.")] = None,
) -> None:
    """Write who wanted texts or none, since when, and how we know: the whole ledger of consent."""
    from bridge.cli.exporting import consent  # noqa: PLC0415 - see the package

    consent(options.config, form=form, out=out)


@guard.command("report", short_help="Show what was held, and what people made of it.")
def guard_report(
    since: Annotated[str | None, typer.Option(help="Only this long back: 12h, 30d.", show_default="everything")] = None,
) -> None:
    """Show how often each check held a reply, and what people made of it."""
    from bridge.cli.guard import report  # noqa: PLC0415 - see the package

    report(options.config, since)


def report(
    since: Annotated[str, typer.Option(help="How far back, as 30d.", metavar="SPAN")] = "7d",
    by: Annotated[str, typer.Option(help="person, line or day.")] = "person",
    line: Annotated[list[str] | None, typer.Option(help="Only this line; may be repeated.")] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    picture: Annotated[Path | None, typer.Option(help="Draw it here as well, as a PNG.")] = None,
) -> None:
    """Show who answered how much, and how fast in business hours."""
    from bridge.cli.report import show  # noqa: PLC0415 - see the package

    show(options.config, since=since, by=by, lines=line or [], form=form, picture=picture)


@rules.command("check")
def rules_check() -> None:
    """Check the configuration with its rules; every mistake is told with its line."""
    from bridge.cli.rules import check  # noqa: PLC0415 - see the package

    check(options.config)


@rules.command("test", short_help="Try the file's rules on what was texted.")
def rules_test(
    since: Annotated[str, typer.Option(help="How far back: 12h, 30d.")] = "30d",
    config: Annotated[Path | None, typer.Option(help="The changed file; left out: the one of every command.")] = None,
    against: Annotated[
        Path | None, typer.Option(help="The file to compare with; left out: what the service runs with.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try the rules of the file on what was texted, and show what would differ. Nothing is sent or written."""
    from bridge.cli.rules import test  # noqa: PLC0415 - see the package

    test(config or options.config, since, against, as_json=as_json)
