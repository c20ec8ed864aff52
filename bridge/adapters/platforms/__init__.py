"""Chat platforms. Each module here ends in ``PLATFORM = PlatformSpec(...)`` and is found by its name."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping

from bridge.ports.specs import PlatformSpec


class _Platforms(Mapping[str, PlatformSpec]):
    """Specs by kind; a module is imported when its spec is asked for, so that listing kinds costs nothing."""

    def __init__(self, kinds: tuple[str, ...]) -> None:
        self._kinds = kinds

    def __getitem__(self, kind: str) -> PlatformSpec:
        if kind not in self._kinds:
            raise KeyError(kind)
        spec = importlib.import_module(f"{__name__}.{kind}").PLATFORM
        if not isinstance(spec, PlatformSpec):
            raise TypeError(f"{__name__}.{kind}.PLATFORM is not a PlatformSpec")
        return spec

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)


def discover() -> Mapping[str, PlatformSpec]:
    """The specs of all platforms by kind (``slack``, …), sorted; modules beginning with ``_`` are not platforms."""
    kinds = (module.name for module in pkgutil.iter_modules(__path__))
    return _Platforms(tuple(sorted(kind for kind in kinds if not kind.startswith("_"))))
