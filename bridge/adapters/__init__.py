"""What speaks with the outside: providers carry texts, platforms are where the team sits."""
