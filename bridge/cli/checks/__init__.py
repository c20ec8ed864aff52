"""What ``doctor`` looks at, a section each."""
