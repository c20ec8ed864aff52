"""A team at work in its threads: own, hand over, be stopped, decide, see what waits."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.sandbox import Screen

ANA, BEN, DANA, ELI, GINA, CHRIS = "Ana Souza", "Ben Okafor", "Dana Weiss", "Eli Park", "Gina Ross", "Chris Lund"


async def test_claimed_by_the_button_and_given_up(screen: Screen) -> None:
    await screen.begin()
    await screen.owned_by("Nobody yet")
    await screen.card.get_by_role("button", name="Claim").click()
    await screen.owned_by(ANA)
    await screen.card.get_by_role("button", name="Unassign").click()
    await screen.owned_by("Nobody yet")
    await screen.tried("claim")


async def test_claimed_by_a_reaction_that_undoes_when_taken_back(screen: Screen) -> None:
    await screen.begin()
    await screen.react(screen.card, "eyes")
    await screen.owned_by(ANA)
    await screen.take_back(screen.card, "eyes")
    await screen.owned_by("Nobody yet")
    await screen.react(screen.card, "white check mark")
    await expect(screen.card.get_by_text("Status: Closed")).to_be_visible()
    await screen.take_back(screen.card, "white_check_mark")
    await expect(screen.card.get_by_text("Status: Open")).to_be_visible()


async def test_claimed_by_word_and_kept_from_others(screen: Screen) -> None:
    await screen.begin()
    await screen.reply("!claim")
    await screen.owned_by(ANA)
    await screen.become(BEN)
    await screen.reply("!claim")
    await screen.told("It is Ana Souza's already.")
    await screen.owned_by(ANA)
    await expect(screen.bubbles).to_have_count(0)


async def test_assigned_by_menu_shortcut_and_word(screen: Screen) -> None:
    await screen.begin("Who is it for?")
    await screen.card.get_by_role("combobox", name="Assign to …").select_option("ben")
    await screen.owned_by(BEN)
    await screen.more("Who is it for?", "Assign")
    await screen.dialog.get_by_label("Teammate").select_option("ana")
    await screen.dialog.get_by_role("button", name="Assign", exact=True).click()
    await screen.owned_by(ANA)
    await expect(screen.dialog).to_have_count(0)
    await screen.reply("!assign @Ben Okafor")
    await screen.owned_by(BEN)
    await expect(screen.post("Assigned to").locator(".mention").first).to_be_visible()


async def test_assigned_by_a_command_in_the_channel(screen: Screen) -> None:
    await screen.begin()
    field = screen.page.get_by_label("Message to #front-desk")
    await field.fill(f"/sms {await screen.conversation()} assign ben")
    await field.press("Enter")
    await screen.owned_by(BEN)
    await expect(screen.channel.get_by_text("Only visible to you").last).to_be_visible()


async def test_a_canned_response_asks_for_what_it_lacks_is_looked_at_and_sent(screen: Screen) -> None:
    await screen.begin()
    await screen.card.get_by_role("button", name="Canned").click()
    search = screen.dialog.get_by_label("Response")
    await expect(search).to_be_focused()
    await expect(screen.dialog.get_by_role("button", name=re.compile("^hours"))).to_be_visible()
    await search.press_sequentially("pick")
    await expect(screen.dialog.get_by_role("button", name=re.compile("^hours"))).to_have_count(0)
    await screen.dialog.get_by_role("button", name=re.compile("^pickup")).click()
    await screen.dialog.get_by_role("button", name="Next").click()
    await expect(screen.dialog.get_by_text("Come by ‹day› and bring your ID")).to_be_visible()
    await screen.dialog.get_by_role("button", name="Preview").click()
    await expect(screen.dialog.get_by_role("alert")).to_have_text("Please complete this required field.")
    await screen.dialog.get_by_label("Day", exact=True).fill("tomorrow")
    await screen.dialog.get_by_role("button", name="Preview").click()
    await expect(screen.dialog.get_by_text("1 segment (GSM-7)")).to_be_visible()
    await expect(screen.dialog.get_by_text("Come by tomorrow and bring your ID. Ana")).to_be_visible()
    await screen.dialog.get_by_role("button", name="Send", exact=True).click()
    await expect(screen.post("answers with pickup")).to_be_visible()
    await screen.press("Skip 5 seconds")
    await expect(screen.bubbles.filter(has_text="Come by tomorrow")).to_be_visible()
    await expect(screen.bubbles).to_have_count(1)
    await screen.tried("canned")


async def test_a_shortcut_on_a_text_opens_the_same_form(screen: Screen) -> None:
    await screen.begin("When are you open?")
    await screen.more("When are you open?", "Reply with canned")
    await screen.dialog.get_by_role("button", name=re.compile("^hours")).click()
    await screen.dialog.get_by_role("button", name="Choose something else").click()
    await screen.dialog.get_by_role("button", name=re.compile("^address")).click()
    await screen.dialog.get_by_role("button", name="Next").click()
    await expect(screen.dialog.get_by_text("1 segment (GSM-7)")).to_be_visible()
    await expect(screen.dialog.get_by_text("You find us at 12 Harbour Street")).to_be_visible()
    await screen.page.reload()
    await expect(screen.dialog.get_by_text("1 segment (GSM-7)")).to_be_visible()
    await screen.page.keyboard.press("Escape")
    await expect(screen.dialog).to_have_count(0)
    await screen.press("Skip 5 seconds")
    await expect(screen.bubbles).to_have_count(0)


async def test_snoozed_by_the_form_and_woken_by_the_contact(screen: Screen) -> None:
    await screen.begin()
    await screen.card.get_by_role("button", name="Snooze").click()
    await screen.dialog.get_by_label("Or another time").fill("2h")
    await screen.dialog.get_by_role("button", name="Snooze", exact=True).click()
    await expect(screen.card.get_by_text("Status: Snoozed until")).to_be_visible()
    await screen.text("Are you there?")
    await expect(screen.card.get_by_text("Status: Open")).to_be_visible()


async def test_a_reply_to_words_that_are_no_longer_the_last_is_stopped(screen: Screen) -> None:
    await screen.begin("Is it ready?")
    await screen.reply("Yes, come at noon")
    await screen.marked("Yes, come at noon", "hourglass_flowing_sand")
    await screen.text("Never mind, cancel it")
    question = screen.post("Held, not sent: “Yes, come at noon”")
    await expect(question).to_contain_text("The contact wrote again")
    await screen.press("Skip 15 minutes")
    await expect(screen.card.get_by_text("1 held by Ana Souza")).to_be_visible()
    await expect(screen.bubbles).to_have_count(0)
    await question.get_by_role("button", name="Send anyway").click()
    await expect(screen.bubbles).to_have_text([re.compile("Yes, come at noon")])
    await screen.marked("Yes, come at noon", "ballot_box_with_check")


async def test_the_guard_holds_and_a_person_decides(screen: Screen) -> None:
    await screen.begin()
    await screen.reply("You get a refund today")
    question = screen.post("Held, not sent")
    await expect(question).to_contain_text("word list (refund)")
    await screen.marked("You get a refund today", "hourglass_flowing_sand")
    await question.get_by_role("button", name="Send").click()
    await expect(screen.bubbles).to_have_text([re.compile("You get a refund today")])
    await screen.reply("Who packs it @here")
    await expect(screen.post("It calls everyone (@here)")).to_be_visible()
    await screen.post("It calls everyone").get_by_role("button", name="Keep internal").click()
    await screen.marked("Who packs it", "lock")
    await expect(screen.bubbles).to_have_count(1)
    await screen.tried("guard")


def entry(screen: Screen) -> Locator:
    """The conversation on the home tab."""
    return screen.page.locator(".home-view .block-rich_text").filter(has_text=screen.number)


async def test_home_shows_what_waits_and_acts(screen: Screen) -> None:
    await screen.begin()
    await screen.go("Textbridge")
    await screen.page.get_by_role("button", name=re.compile(r"^Unassigned \(")).click()
    await expect(entry(screen)).to_contain_text("front-desk")
    row = screen.page.locator(".block-rich_text").filter(has_text=screen.number).locator("+ .block-actions")
    await row.get_by_role("button", name="Claim").click()
    await expect(entry(screen)).to_have_count(0)
    await screen.page.get_by_role("button", name=re.compile(r"^Mine \(")).click()
    await expect(entry(screen)).to_be_visible()
    await row.get_by_role("button", name="Open thread").click()
    await screen.owned_by(ANA)
    await screen.go("Textbridge")
    await row.get_by_role("button", name="Close").click()
    await expect(entry(screen)).to_have_count(0)
    await screen.become(CHRIS)
    await expect(screen.page.get_by_text(screen.number)).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "why"),
    [(CHRIS, "guests and people of other"), (GINA, "guests and people of other"), (ELI, "observers cannot text")],
)
async def test_who_may_not_text_is_told_so_and_nothing_happens(screen: Screen, name: str, why: str) -> None:
    await screen.begin()
    await screen.become(name)
    await screen.reply("I could answer that")
    await screen.told(why)
    await screen.marked("I could answer that", "lock")
    await screen.card.get_by_role("button", name="Claim").click()
    await screen.told("Nothing done")
    await screen.react(screen.card, "eyes")
    await screen.become(ANA)
    await screen.press("Skip 15 minutes")
    await screen.owned_by("Nobody yet")
    await expect(screen.bubbles).to_have_count(0)


async def test_a_conversation_is_begun_from_our_side(screen: Screen) -> None:
    await screen.add_contact()
    field = screen.page.get_by_label("Message to #front-desk")
    await field.fill("/sms new")
    await field.press("Enter")
    await screen.dialog.get_by_label("Number").fill(screen.number)
    await screen.dialog.get_by_label("Text").fill("Your order is ready.")
    await screen.dialog.get_by_role("button", name="Send", exact=True).click()
    card = screen.cards.filter(has_text=screen.number)
    await expect(card).to_be_visible()
    await screen.press("Skip 5 seconds")
    await expect(screen.bubbles).to_have_text([re.compile("Your order is ready.")])


async def test_a_thread_is_pleasant_on_a_phone(screen: Screen) -> None:
    await screen.begin("A long word: " + "Donaudampfschifffahrt" * 12)
    await screen.page.set_viewport_size({"width": 390, "height": 844})
    await expect(screen.card).to_be_visible()
    wide = await screen.page.evaluate(
        "() => [document.documentElement, ...document.querySelectorAll('.pane, .messages, .message, .block')]"
        ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className || one.tagName)"
    )
    assert wide == []
    box = await screen.card.bounding_box()
    assert box is not None
    assert box["height"] < 320
    await screen.page.get_by_role("button", name="Phone", exact=True).click()
    await expect(screen.phone).to_be_visible()
    await expect(screen.thread).to_be_hidden()
