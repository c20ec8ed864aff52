"""Consent end to end: STOP and what it reaches, a refusal in other words, the ledger."""

from bridge.domain.consent import ConsentKind
from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.doing import handled
from tests.flow.team import count, team_world
from tests.flow.world import CONTACT, World

AUTOMATIC = "!later 1h We are open again tomorrow"


async def ledger(world: World) -> list[tuple[ConsentKind, str, str]]:
    """Kind, source and words of each entry, oldest first."""
    assert world.service is not None
    state = await world.service.store.transact(lambda unit: unit.load_line("front-desk", CONTACT))
    assert state.contact is not None
    contact = state.contact.id
    found = await world.service.store.transact(lambda unit: unit.consent([contact], 50))
    return [(one.entry.kind, one.entry.source, one.entry.words) for one in reversed(found)]


async def test_stop_blocks_turns_the_card_red_and_start_lifts_it(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        card = await world.open()
        await world.text("Stop.")
        await world.until(
            lambda: "no_entry" in seen.line(world.root()) and "opted out since" in seen.line(world.root())
        )
        world.reply("But your order is ready")
        await world.until(lambda: any("has opted out of texts" in note for note in world.notes()))
        assert [text for text in world.got() if "order" in text] == []
        await world.text("START")
        await world.until(lambda: "no_entry" not in seen.line(world.root()))
        world.reply("Your order is ready")
        await world.until(lambda: "Your order is ready" in world.got())
        assert await ledger(world) == [
            (ConsentKind.OPT_OUT, "keyword", "Stop."),
            (ConsentKind.OPT_IN, "keyword", "START"),
        ]
        assert card.ts == world.root().ts


@on_sqlite
async def test_a_refusal_in_other_words_is_asked_about_and_yes_opts_out(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        await world.text("please stop texting me")
        await world.until(lambda: seen.with_button(world.posts(), "revoked"))
        assert any(note.startswith("❓ Does the contact want no more texts?") for note in world.notes())
        await world.press("revoked", world.ben)
        await world.until(lambda: "no_entry" in seen.line(world.root()))
        await world.until(lambda: not seen.with_button(world.posts(), "revoked"))
        assert "on the contact's words: nothing may be sent." in str(world.root().attachments)
        world.reply("Are you sure?")
        await handled(world)
        assert world.got() == []
        assert await ledger(world) == [
            (ConsentKind.DOUBTED, "words", "please stop texting me"),
            (ConsentKind.OPT_OUT, "words", "please stop texting me"),
        ]


async def test_stop_puts_away_the_question_about_an_earlier_text(make_sqlite_world: MakeWorld) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open()
        await world.text("please stop texting me")
        await world.until(lambda: seen.with_button(world.posts(), "revoked"))
        await world.idle()
        await world.text("STOP")
        await world.until(lambda: "Decided: the contact has opted out since." in world.notes())
        assert not seen.with_button(world.posts(), "revoked")


async def test_no_releases_what_waited_for_the_answer(make_sqlite_world: MakeWorld) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open()
        await world.text("Remove me from your list")
        await world.until(lambda: seen.with_button(world.posts(), "not_revoked"))
        world.reply(AUTOMATIC)
        await handled(world)
        world.skip(3700.0)
        await world.until(lambda: any("Held until somebody says" in note for note in world.notes()))
        await world.idle()
        assert world.got() == []
        await world.press("not_revoked")
        await world.until(lambda: world.got() == ["We are open again tomorrow"])
        await world.until(lambda: any("No longer held." in note for note in world.notes()))
        assert not any("Held until somebody says" in note for note in world.notes())
        assert await count(world, "refusal_denied") == 1


async def test_a_refusal_reaches_an_older_thread_too(make_sqlite_world: MakeWorld) -> None:
    plain = "    undo: 0s\n    stale_stop: false\n    boundary: new_after_close"
    async with team_world(make_sqlite_world, plain) as world:
        old = await world.open()
        world.reply("!close")
        await handled(world)
        await world.text("Me again")
        await world.until(lambda: world.root().ts != old.ts)
        await world.text("STOP")
        await world.until(lambda: "no_entry" in seen.line(world.root()))
        world.slack.people.post(world.ana.id, old.channel, "One more thing", thread_ts=old.ts)
        await handled(world)
        assert [text for text in world.got() if "thing" in text] == []


async def test_where_the_provider_does_not_answer_stop_we_do_once(make_sqlite_world: MakeWorld) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open()
        await world.text("STOP!!!")  # Twilio knows the bare word only
        await world.until(lambda: any("You get no more texts" in text for text in world.got()))
        await world.text("Stop!")
        await handled(world)
        assert len([text for text in world.got() if "You get no more texts" in text]) == 1


ASK = """
consent:
  before_first_text: ask
  opt_out_line: Reply STOP to opt out.
"""
NEW = "+15550100777"


async def test_who_never_wrote_is_asked_first_and_yes_sends_what_waited(make_world: MakeWorld) -> None:
    async with team_world(make_world, extra=ASK) as world:
        await world.connected()
        await world.slack.people.slash(world.ana.id, world.channel.id, "sms", f"new {NEW} Your order is ready")
        await world.until(lambda: any("they are asked first" in note for note in all_notes(world)))
        await world.idle()
        assert got_by(world) == ["May we text you from this number? Reply YES to agree, STOP to refuse."]
        await world.text("Yes", sender=NEW)
        await world.until(lambda: len(got_by(world)) > 1)
        assert got_by(world)[-1] == "Your order is ready\nReply STOP to opt out."
        await world.until(lambda: any("No longer held" in note for note in all_notes(world)))
        assert not any("they are asked first" in note for note in all_notes(world))
        assert any("First text: “Your order is ready" in note for note in all_notes(world))


def all_notes(world: World) -> list[str]:
    return [seen.words(post) for post in world.posts()]


def got_by(world: World) -> list[str]:
    """What the new contact's phone got from us."""
    return [message.words for message in world.twilio.phone(NEW).inbox if message.direction == "outbound-api"]
