"""A pretend Slack: Web API, Events API, Socket Mode, files and interactivity, as strict as the real one."""
