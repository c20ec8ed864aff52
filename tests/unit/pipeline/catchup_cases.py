"""What tests of catching up work with."""

from bridge.domain.people import ChatRef
from bridge.pipeline.calls import Outside
from bridge.pipeline.catchup import CatchUp
from bridge.pipeline.intake import Intake
from bridge.ports.platform import AcceptChatEvents, RawChatEvent
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import LINE, NOW

SOURCE = f"line:main/{LINE}"
OTHER = ChatRef("slack", "C1", "8.0")
LATE = ChatRef("slack", "C1", "9.0")


def catching_up(store: ScriptedStore, around: Outside) -> tuple[CatchUp, Intake]:
    """Catching up with what is around."""
    intake = Intake(store.port, around.providers)
    return CatchUp(store.port, intake, around, lambda: NOW), intake


def kept(store: ScriptedStore) -> list[str]:
    return [external_id for _, external_id in store.kept]


async def one(live: AcceptChatEvents, event: RawChatEvent) -> None:
    """An event comes live."""
    await live([event])
