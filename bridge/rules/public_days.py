"""Public holidays of countries and their regions, from the tables of the library ``holidays``."""

from datetime import date
from functools import lru_cache

from holidays import country_holidays

_KEPT = 512
"""Years of countries that are kept once worked out."""


@lru_cache(maxsize=_KEPT)
def public_holidays(where: str, year: int) -> frozenset[date]:
    """Return the days on which a country (``US``) or its region (``US-CA``) is closed, days given instead included."""
    country, _, region = where.partition("-")
    found = country_holidays(country, subdiv=region or None, years=year)
    return frozenset(day for day in found if day.year == year)
