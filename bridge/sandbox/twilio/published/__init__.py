"""Twilio's published parameter list, pruned; see ``prune.py``."""
