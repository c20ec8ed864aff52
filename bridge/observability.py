"""Structured logs with ids and without bodies or secrets, and metrics."""
