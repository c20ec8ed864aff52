"""The vocabulary: frozen values, events in the past tense, effects in the imperative. Standard library only."""
