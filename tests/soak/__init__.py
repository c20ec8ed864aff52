"""The real process, killed at random among faulty vendors: ``python -m tests.soak --kills 500``."""
