"""Time, as an argument of everything that needs it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""
