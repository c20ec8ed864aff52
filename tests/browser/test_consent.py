"""Consent and the contact's night as a team sees them: the red card, the question, a reply that waits for morning."""

from playwright.async_api import expect

from tests.browser.sandbox import Screen, zone_where_it_is


async def test_stop_turns_the_card_red_and_start_lifts_it(screen: Screen) -> None:
    await screen.begin()
    await screen.text("STOP")
    await expect(screen.card.get_by_text("⛔")).not_to_have_count(0)
    await expect(screen.card.get_by_text("Opted out since")).to_be_visible()
    await expect(screen.card.locator(".attachment.is-danger")).to_contain_text("⛔")
    await expect(screen.phone.get_by_text("This contact sent STOP.")).to_be_visible()
    await screen.reply("But your parcel is here")
    await expect(screen.post("The contact has opted out of texts (STOP)").last).to_be_visible()
    await expect(screen.bubbles.filter(has_text="parcel is here")).to_have_count(0)
    await screen.text("START")
    await expect(screen.card.get_by_text("Status: Open")).to_be_visible()
    await expect(screen.card.locator(".attachment")).to_have_count(0)


async def test_please_stop_texting_me_asks_and_yes_opts_out(screen: Screen) -> None:
    await screen.begin()
    await screen.text("please stop texting me")
    question = screen.post("Does the contact want no more texts?")
    await expect(question.get_by_role("button", name="No, go on")).to_be_visible()
    await question.get_by_role("button", name="Yes, opt out").click()
    await expect(screen.post("Opted out: nothing is texted to the contact any more. Decided by Ana")).to_be_visible()
    await expect(screen.card.get_by_text("Opted out since")).to_be_visible()
    await screen.reply("!history")
    await screen.told("may want no texts, front-desk")


async def test_a_reply_at_eleven_is_held_and_leaves_at_eight(fresh: Screen) -> None:
    await fresh.add_contact()
    await fresh.choose_line("+15550003000")
    await fresh.text("Is it ready?")
    await fresh.page.get_by_text("Direct messages", exact=True).wait_for()
    await fresh.page.get_by_role("navigation", name="Channels").get_by_role("button", name="Textbridge").first.click()
    await fresh.cards.filter(has_text=fresh.number).locator(".thread-summary").click()
    await fresh.read()
    await fresh.reply(f"!zone {zone_where_it_is(23)}")
    await fresh.told("The contact's time zone is")
    await fresh.reply("It is ready")
    held = fresh.post("Held: it is 23:")
    await expect(held.get_by_role("button", name="Send anyway")).to_be_visible()
    await fresh.press("Skip 5 seconds")
    for _ in range(8):
        await fresh.press("Skip 1 hour")
    await expect(fresh.bubbles.filter(has_text="It is ready")).to_have_count(0)
    await fresh.press("Skip 1 hour")
    await expect(fresh.bubbles.filter(has_text="It is ready")).to_be_visible()
