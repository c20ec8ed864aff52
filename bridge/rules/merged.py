"""Conversations that go on in another: by which address replies go, where a thread's conversation lives now."""

from dataclasses import replace

from bridge.domain.conversations import Conversation, Related, State, Thread, ThreadState
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules.addresses import shown


def home(state: State) -> Related | None:
    """Return where a merged conversation goes on, None for one that was not merged."""
    return state.chain[-1] if state.chain else None


def home_thread(state: State, platform: str) -> Thread | None:
    """Return the thread where a merged conversation goes on, on this platform if it is on it."""
    goal = home(state)
    return on_platform(goal.threads, platform) if goal is not None else None


def on_platform(threads: tuple[Thread, ...], platform: str) -> Thread | None:
    """Return the thread on this platform, else any, None when there is none; one that was left only if all were."""
    live = [one for one in threads if one.state in (ThreadState.OPEN, ThreadState.OPENING)]
    found = live or threads
    return next((one for one in found if one.platform == platform), next(iter(found), None))


def reply_route(state: State) -> Related | None:
    """Return the merged conversation by whose line and contact replies go, None: by the conversation's own."""
    wanted = state.conversation.reply_via if state.conversation is not None else None
    return next((one for one in state.joined if one.conversation.number == wanted), None)


def route_number(state: State) -> int | None:
    """Return the number of ``reply_route``, as a message keeps it."""
    route = reply_route(state)
    return route.conversation.number if route is not None else None


def sender(state: State) -> str:
    """Return whom a contact's text is shown as from: with the address where there are several."""
    contact = state.via.contact if state.via is not None else state.contact
    if contact is None:
        return ""
    address = shown(contact.address)
    if contact.name is None:
        return address
    return f"{contact.name} ({address})" if state.joined or state.via is not None else contact.name


def further_addresses(state: State, policy: Policy) -> tuple[str, ...]:
    """Return the merged addresses as a card shows them: each with what sets it apart."""
    own = state.conversation.line if state.conversation is not None else ""
    return tuple(_address(one, own, policy) for one in state.joined)


def _address(one: Related, own: str, policy: Policy) -> str:
    line = policy.lines.get(one.conversation.line)
    facts = [f"to {one.conversation.line}"] if one.conversation.line != own else []
    facts += ["line gone"] if line is None else []
    facts += ["opted out"] if one.conversation.opted_out else []
    address = f"{shown(one.contact.address)} (#{one.conversation.number})"
    return ", ".join((address, *facts))


def succeeded(state: State, fresh: Conversation) -> tuple[Conversation, tuple[Conversation, ...]]:
    """Return the conversation that follows a state's, with what was merged into that, and the others so changed."""
    before = state.conversation
    if before is None or not before.joined:
        return fresh, ()
    moved = tuple(
        replace(one.conversation, merged=replace(one.conversation.merged, into=fresh.number))
        for one in state.joined
        if one.conversation.merged is not None and one.conversation.number in before.joined
    )
    left = replace(before, joined=(), reply_via=None)
    return replace(fresh, joined=before.joined, reply_via=before.reply_via), (*moved, left)


def line_shown(state: State, texted: LinePolicy, policy: Policy) -> LinePolicy:
    """Return the line whose settings count for a text: that of the conversation it is shown in."""
    if state.via is None or state.conversation is None:
        return texted
    return policy.lines.get(state.conversation.line, texted)
