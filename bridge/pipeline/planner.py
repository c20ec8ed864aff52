"""From a claimed row to a call, in the transaction just before the call."""

from collections.abc import Callable
from datetime import datetime

from bridge.pipeline.assistant_calls import AssistantCalls
from bridge.pipeline.calls import Outside, Planned
from bridge.pipeline.erase_calls import EraseCalls
from bridge.pipeline.mark_calls import MarkCalls
from bridge.pipeline.private_calls import PrivateCalls
from bridge.pipeline.queue_calls import QueueCalls
from bridge.pipeline.report_calls import ReportCalls
from bridge.pipeline.text_calls import TextCalls
from bridge.pipeline.thread_calls import ThreadCalls
from bridge.pipeline.webhook_calls import WebhookCalls
from bridge.ports.rows import OutboxRow
from bridge.ports.store import Unit


class Planner:
    """Turns a row into a call, or settles it on the spot when nothing is to be done."""

    def __init__(self, outside: Outside) -> None:
        """Keep what is out there."""
        threads, private, texts = ThreadCalls(outside), PrivateCalls(outside), TextCalls(outside)
        queue, marks = QueueCalls(outside), MarkCalls(outside)
        self._kinds: dict[str, Callable[[Unit, OutboxRow, datetime], Planned]] = {
            "OpenThread": threads.open_thread,
            "PostText": threads.post_text,
            "PostMedia": threads.post_media,
            "PostNote": threads.post_note,
            "UpdateCard": threads.update_card,
            "UpdateNote": threads.update_note,
            "SetMark": marks.set_mark,
            "ClearMark": marks.clear_mark,
            "CarryComments": threads.carry_comments,
            "TellRoom": threads.tell_room,
            "CarryWords": threads.carry_words,
            "AnswerPrivately": private.answer_privately,
            "TellRecord": private.tell_record,
            "OpenForm": private.open_form,
            "PublishHome": queue.publish_home,
            "TellQueue": queue.tell_queue,
            "TellFound": queue.tell_found,
            "AskAssistant": AssistantCalls(outside).ask,
            "TellReport": ReportCalls(outside).tell_report,
            "SendText": texts.send_text,
            "EraseThread": EraseCalls(outside).erase_thread,
            "CallWebhook": WebhookCalls(outside).call_webhook,
        }

    def plan(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Return what to do about a claimed row."""
        return self._kinds[row.kind](unit, row, now)
