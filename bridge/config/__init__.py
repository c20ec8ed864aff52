"""The operator's one YAML file: read, filled in from the environment, checked as a whole, and given as values."""

from bridge.config.example import example_config
from bridge.config.loading import load, parse
from bridge.config.models import Config
from bridge.config.problems import ConfigError, Problem

__all__ = ["Config", "ConfigError", "Problem", "example_config", "load", "parse"]
