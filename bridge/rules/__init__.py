"""Every decision: pure functions of (state, event, policy, now)."""
