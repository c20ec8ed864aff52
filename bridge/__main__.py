"""``textbridge`` and ``python -m bridge``."""


def main() -> None:
    """Run the command line."""
    from bridge.cli.main import start  # noqa: PLC0415 - nothing happens at import

    start()


if __name__ == "__main__":
    main()
