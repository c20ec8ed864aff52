"""Textbridge: a business phone number as a team inbox; each text conversation is a thread."""
