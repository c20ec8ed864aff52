"""The commands and their options."""

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Literal

import typer

from bridge.cli import records
from bridge.cli.failure import Failure
from bridge.cli.options import options

app = typer.Typer(
    name="textbridge",
    help="A business phone number as a team inbox inside Slack or Matrix: each text conversation is a thread.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
db = typer.Typer(help="Make or change the database's tables, or show which version they have.", no_args_is_help=True)
inbox = typer.Typer(help="Requests and events that could not be handled.", no_args_is_help=True)
outbox = typer.Typer(help="Calls to the outside that wait, failed, or whose outcome is unknown.", no_args_is_help=True)
manifest = typer.Typer(help="Print what a platform needs to know about Textbridge.", no_args_is_help=True)
app.add_typer(db, name="db", short_help="Make or change the database's tables.")
app.add_typer(inbox, name="inbox")
app.add_typer(outbox, name="outbox", short_help="Calls that wait, failed, or ended unknown.")
app.add_typer(manifest, name="manifest")
app.add_typer(records.audit, name="audit")
app.add_typer(records.guard, name="guard")
app.add_typer(records.export, name="export")
app.add_typer(records.takes_in, name="import")
app.add_typer(records.erase, name="erase")
app.add_typer(records.rules, name="rules", short_help="Check rules, and try them on what was texted.")
YES = "Do not ask; needed where there is no terminal to answer on."


def _tell_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - see the package

        typer.echo(f"textbridge {version('textbridge')}")
        raise typer.Exit


@app.callback()
def common(
    config: Annotated[
        Path, typer.Option(envvar="TEXTBRIDGE_CONFIG", help="The configuration file.", show_default=True)
    ] = Path("textbridge.yaml"),
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    show_version: Annotated[  # noqa: ARG001 - its callback does it
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options every command takes."""
    options.config = config
    options.debug = debug


@app.command("run", short_help="Serve until stopped.")
def run_command(
    *,
    migrate: Annotated[bool, typer.Option(help="Bring the database up to date first.")] = True,
    clock_offset: Annotated[Path | None, typer.Option(hidden=True)] = None,
    leashed: Annotated[bool, typer.Option("--leashed", hidden=True)] = False,
) -> None:
    """Serve until stopped. SIGTERM finishes the call in hand and keeps the rest as rows."""
    from bridge.cli.run import serve  # noqa: PLC0415 - see the package

    serve(options.config, migrate=migrate, clock_offset=clock_offset, leashed=leashed)


@app.command("sandbox", short_help="Try it without any account, in a browser.")
def sandbox_command(
    platform: Annotated[
        Literal["slack", "matrix", "both"], typer.Option(help="Where the team sits; Matrix is a real Synapse.")
    ] = "slack",
    port: Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.")] = 8321,
    data: Annotated[Path | None, typer.Option(help="Keep the data here instead of in a temporary folder.")] = None,
    *,
    encrypted: Annotated[bool, typer.Option("--encrypted", help="Matrix: with an encrypted room too.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Try it without any account: a pretend Twilio, a pretend Slack or a real Matrix homeserver, and the bridge.

    All of it is on this machine only. Synapse, the homeserver, is installed the first time it is wanted.
    """
    from bridge.cli.sandbox import show  # noqa: PLC0415 - see the package

    show(platform=platform, encrypted=encrypted, port=port, data=data, browser=browser)


@app.command("init", short_help="Write a configuration, and a Slack manifest.")
def init_command(
    platform: Annotated[Literal["slack", "matrix"] | None, typer.Option(help="Where the team sits.")] = None,
    account_sid: Annotated[str | None, typer.Option(help="Twilio account SID.")] = None,
    number: Annotated[str | None, typer.Option(help="The number contacts text.")] = None,
    public_url: Annotated[str | None, typer.Option(help="Where Twilio reaches this bridge.")] = None,
    channel: Annotated[str | None, typer.Option(help="Slack: id of the channel.")] = None,
    *,
    socket_mode: Annotated[bool | None, typer.Option(help="Slack: Socket Mode, or HTTP mode.")] = None,
    homeserver: Annotated[str | None, typer.Option(help="Matrix: the homeserver's address.")] = None,
    user_id: Annotated[str | None, typer.Option(help="Matrix: the bot's full id.")] = None,
    room: Annotated[str | None, typer.Option(help="Matrix: the room's internal id.")] = None,
    encrypted: Annotated[bool | None, typer.Option(help="Matrix: whether the room is encrypted.")] = None,
    login: Annotated[Literal["password", "token"] | None, typer.Option(help="Matrix: how the bot logs in.")] = None,
    force: Annotated[bool, typer.Option(help="Replace files that are already there.")] = False,
) -> None:
    """Ask a few questions and write the configuration, for Slack or for Matrix. What an option says is not asked."""
    from bridge.cli.asking import Given  # noqa: PLC0415 - see the package
    from bridge.cli.init import write  # noqa: PLC0415 - the same

    given = Given(
        platform=platform,
        account_sid=account_sid,
        number=number,
        public_url=public_url,
        channel=channel,
        socket_mode=socket_mode,
        homeserver=homeserver,
        user_id=user_id,
        room=room,
        encrypted=encrypted,
        login=login,
    )
    write(options.config, given, force=force)


@app.command("doctor")
def doctor_command(
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Check only what needs no network.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check everything and say how to mend what is wrong. Exit code 0: fine, 1: warnings, 2: errors."""
    from bridge.cli.doctor import examine  # noqa: PLC0415 - see the package

    raise typer.Exit(examine(options.config, offline=offline, as_json=as_json))


@app.command("providers")
def providers_command() -> None:
    """Show which providers there are and what each can do."""
    from bridge.cli.providers import show  # noqa: PLC0415 - see the package

    show()


@db.command("upgrade")
def db_upgrade() -> None:
    """Make or change the tables for this version."""
    from bridge.cli.database import upgrade  # noqa: PLC0415 - see the package

    upgrade(options.config)


@db.command("current")
def db_current() -> None:
    """Show which version the tables have."""
    from bridge.cli.database import current  # noqa: PLC0415 - see the package

    current(options.config)


@app.command("backup")
def backup_command(
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
    *,
    force: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
) -> None:
    """Write all that is in the database to one file."""
    from bridge.cli.backup import make  # noqa: PLC0415 - see the package

    make(options.config, file, force=force)


@app.command("restore")
def restore_command(file: Annotated[Path, typer.Argument(help="What `textbridge backup` wrote.")]) -> None:
    """Fill an empty database from a backup."""
    from bridge.cli.backup import read  # noqa: PLC0415 - see the package

    read(options.config, file)


@inbox.command("list")
def inbox_list(limit: Annotated[int, typer.Option(help="How many rows.")] = 50) -> None:
    """Show rows that were set aside, and why."""
    from bridge.cli.queues import list_inbox  # noqa: PLC0415 - see the package

    list_inbox(options.config, limit)


@inbox.command("replay")
def inbox_replay(
    rows: Annotated[list[int] | None, typer.Argument(help="Row numbers; none: all that were set aside.")] = None,
) -> None:
    """Handle rows again that were set aside, after the reason is gone."""
    from bridge.cli.queues import replay_inbox  # noqa: PLC0415 - see the package

    replay_inbox(options.config, rows or [])


@outbox.command("list")
def outbox_list(limit: Annotated[int, typer.Option(help="How many rows.")] = 50) -> None:
    """Show calls that wait, failed, or whose outcome is unknown."""
    from bridge.cli.queues import list_outbox  # noqa: PLC0415 - see the package

    list_outbox(options.config, limit)


@outbox.command("retry")
def outbox_retry(
    keys: Annotated[list[str], typer.Argument(help="Keys of failed or unknown rows.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help=YES)] = False,
) -> None:
    """Make calls again that failed. A text of unknown outcome may then arrive twice: it asks first."""
    from bridge.cli.queues import retry_outbox  # noqa: PLC0415 - see the package

    retry_outbox(options.config, keys, yes=yes)


@outbox.command("drop")
def outbox_drop(
    keys: Annotated[list[str], typer.Argument(help="Keys of rows that shall never be carried out.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help=YES)] = False,
) -> None:
    """Give up calls that wait."""
    from bridge.cli.queues import drop_outbox  # noqa: PLC0415 - see the package

    drop_outbox(options.config, keys, yes=yes)


@manifest.command("slack")
def manifest_slack(
    *, http: Annotated[bool, typer.Option("--http", help="For HTTP mode, with public_url.")] = False
) -> None:
    """Print the Slack app manifest."""
    from bridge.cli.manifest import slack  # noqa: PLC0415 - see the package

    slack(options.config, http=http)


@manifest.command("matrix")
def manifest_matrix() -> None:
    """Print the registration for appservice mode, tokens included."""
    from bridge.cli.manifest import matrix  # noqa: PLC0415 - see the package

    matrix(options.config)


app.command("report", short_help="Who answered how much, and how fast.")(records.report)


def start() -> None:
    """Run, and turn a failure into plain sentences on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Unicode shows ? rather than a traceback
    try:
        app()
    except Failure as failure:
        if options.debug:
            raise
        typer.echo(str(failure), err=True)
        sys.exit(failure.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as problem:
        if options.debug:
            raise
        typer.echo(
            f"Unexpected {type(problem).__name__}. Run again with --debug to see where, and please report it.", err=True
        )
        sys.exit(70)
