"""The operator's own rules: when they are asked, what must hold, what they do."""
