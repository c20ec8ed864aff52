"""What an adapter module offers: its settings and how to build it. ``app`` is the only one to call ``build``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from bridge.ports.clock import Clock
from bridge.ports.platform import Platform, PlatformCapabilities
from bridge.ports.provider import Provider, ProviderCapabilities


def unusable(message: str, remedy: str = "") -> PydanticCustomError:
    """Return the error of a setting: what is wrong, and what to do. Neither may repeat what was given."""
    return PydanticCustomError("textbridge", "{message}", {"message": message, "hint": remedy})


@runtime_checkable
class KnowsIds(Protocol):
    """Settings of a platform that tell its ids from names, without asking it. Each returns a remedy; empty: usable."""

    @staticmethod
    def room_remedy(room: str) -> str:
        """Say how to come by a room's id."""
        ...

    @staticmethod
    def person_remedy(person: str) -> str:
        """Say how to come by a person's id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderContext:
    """What an account's adapter may know. ``public_url``: our base address as the provider sees it, no final slash."""

    account: str
    public_url: str
    lines: tuple[str, ...]
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSpec:
    """``PROVIDER = ProviderSpec(...)`` ends each module under ``bridge/adapters/providers``."""

    name: str
    settings: type[BaseModel]
    capabilities: ProviderCapabilities
    build: Callable[[Any, ProviderContext], Provider]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformContext:
    """What a platform's adapter may know. ``platform``: its configured name; ``rooms``: those of its lines.

    ``commands``: words people may give in a thread, each with what it does.
    """

    platform: str
    clock: Clock
    rooms: tuple[str, ...] = ()
    commands: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformSpec:
    """``PLATFORM = PlatformSpec(...)`` ends each module under ``bridge/adapters/platforms``."""

    name: str
    settings: type[BaseModel]
    capabilities: PlatformCapabilities
    build: Callable[[Any, PlatformContext], Platform]
