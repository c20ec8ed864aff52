"""The HTTP side: webhooks, platforms' own requests, health, metrics, media."""
