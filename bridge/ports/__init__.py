"""What the core asks of the outside: protocols, values and errors."""
