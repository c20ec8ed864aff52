"""Composition root: the only place that builds things."""
