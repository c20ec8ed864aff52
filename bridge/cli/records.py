"""Commands about records and rules: what is on record, what was held, who answered, what rules would do."""

from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.options import options

audit = typer.Typer(help="The record of who did what.", no_args_is_help=True)
guard = typer.Typer(help="What the send guard held, and what people decided.", no_args_is_help=True)
export = typer.Typer(help="Write records to a file.", no_args_is_help=True)
_FORM = typer.Option("--format", help="text, html, csv or json.")
_TABLE = typer.Option("--format", help="csv or json.")
_OUT = typer.Option(help="The file; without it, standard output.")
_COMMENTS = typer.Option(help="With what the team said among themselves, and replies that did not leave.")
takes_in = typer.Typer(help="Take records in from a file.", no_args_is_help=True)
erase = typer.Typer(help="Remove what is known of somebody.", no_args_is_help=True)
rules = typer.Typer(help="The operator's rules: are they right, and what would they do.", no_args_is_help=True)


@audit.command("verify")
def audit_verify() -> None:
    """Look for entries that were changed, removed, added or swapped. Exit code 0: in order, 2: tampered with."""
    from bridge.cli.audit import verify  # noqa: PLC0415 - see the package

    raise typer.Exit(verify(options.config))


@export.command("consent")
def export_consent(
    form: Annotated[str, _TABLE] = "csv",
    out: Annotated[Path | None, _OUT] = None,
) -> None:
    """Write who wanted texts or none, since when, and how we know: the whole ledger of consent."""
    from bridge.cli.exporting import consent  # noqa: PLC0415 - see the package

    consent(options.config, form=form, out=out)


@export.command("audit")
def export_audit(
    form: Annotated[str, _TABLE] = "csv",
    out: Annotated[Path | None, _OUT] = None,
) -> None:
    """Write the whole record of acts, with the hashes that chain it."""
    from bridge.cli.exporting import audit  # noqa: PLC0415 - see the package

    audit(options.config, form=form, out=out)


@export.command("conversation")
def export_conversation(
    number: Annotated[str, typer.Argument(help="As its card shows it: 1042.")],
    form: Annotated[str, _FORM] = "text",
    out: Annotated[Path | None, _OUT] = None,
    *,
    comments: Annotated[bool, _COMMENTS] = True,
) -> None:
    """Write one conversation."""
    from bridge.cli.transcripts import conversation  # noqa: PLC0415 - see the package

    conversation(options.config, number, form=form, out=out, comments=comments)


@export.command("contact")
def export_contact(
    address: Annotated[str, typer.Argument(help="Their number with its country code.")],
    form: Annotated[str, _FORM] = "json",
    out: Annotated[Path | None, _OUT] = None,
    *,
    comments: Annotated[bool, _COMMENTS] = True,
) -> None:
    """Write every conversation with one contact; as JSON with all that is known of their consent."""
    from bridge.cli.transcripts import contact  # noqa: PLC0415 - see the package

    contact(options.config, address, form=form, out=out, comments=comments)


@export.command("all")
def export_all(
    form: Annotated[str, _FORM] = "json",
    out: Annotated[Path | None, _OUT] = None,
    *,
    comments: Annotated[bool, _COMMENTS] = True,
) -> None:
    """Write every conversation."""
    from bridge.cli.transcripts import everything  # noqa: PLC0415 - see the package

    everything(options.config, form=form, out=out, comments=comments)


@erase.command("contact", short_help="Erase a contact, and the copies in Slack and Matrix.")
def erase_contact(
    addresses: Annotated[
        list[str],
        typer.Argument(help="Their number with its country code; all of theirs if conversations were merged."),
    ],
    reason: Annotated[str, typer.Option(help="Why, for the record: without names and numbers.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write the receipt here as JSON, too.")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the number once more.")] = False,
) -> None:
    """Empty all that was said with a contact, forget who they are, and remove the bot's posts about them.

    What must stay, and what only people can remove, is on the receipt. It cannot be undone.
    """
    from bridge.cli.erasing import contact  # noqa: PLC0415 - see the package

    contact(options.config, addresses, reason=reason, out=out, yes=yes)


@takes_in.command("contacts", short_help="Take names in from a table.")
def import_contacts(
    file: Annotated[
        Path, typer.Argument(help="A CSV file with the columns address and name, and zone if you have it.")
    ],
    *,
    replace: Annotated[bool, typer.Option(help="Also where another name or zone is known already.")] = False,
) -> None:
    """Take names and time zones of contacts in from a table: all of it or, where a line is wrong, nothing."""
    from bridge.cli.importing import contacts  # noqa: PLC0415 - see the package

    contacts(options.config, file, replace_known=replace)


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
