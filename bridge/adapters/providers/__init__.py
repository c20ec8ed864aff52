"""The providers there are: every module or package here whose name has no underscore in front is one."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from bridge.ports.specs import ProviderSpec


class _Providers(Mapping[str, ProviderSpec]):
    """Specs by name; a provider is imported when it is first asked for, so nobody pays for those not in use."""

    def __init__(self) -> None:
        self._names = tuple(sorted(found.name for found in iter_modules(__path__) if not found.name.startswith("_")))

    def __getitem__(self, name: str) -> ProviderSpec:
        if name not in self._names:
            raise KeyError(name)
        spec = import_module(f"{__name__}.{name}").PROVIDER
        if not isinstance(spec, ProviderSpec) or spec.name != name:
            raise TypeError(f"bridge.adapters.providers.{name} must end in PROVIDER = ProviderSpec(name={name!r}, ...)")
        return spec

    def __contains__(self, name: object) -> bool:
        return name in self._names  # Mapping's own would import the provider to answer

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def discover() -> Mapping[str, ProviderSpec]:
    """Return the providers by name, in alphabetical order; listing names imports none of them."""
    return _Providers()
