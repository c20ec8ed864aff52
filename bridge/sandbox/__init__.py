"""A pretend outside world: vendors emulated over HTTP and WebSocket. It knows nothing of the bridge."""
