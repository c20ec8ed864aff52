"""Conversations that move: to another team, out of a direct message, into one another."""

from playwright.async_api import expect

from tests.browser.sandbox import Screen, zone_where_it_is

ANA, BEN, DANA, ELI, GINA, CHRIS = "Ana Souza", "Ben Okafor", "Dana Weiss", "Eli Park", "Gina Ross", "Chris Lund"


async def test_handed_over_to_another_team(screen: Screen) -> None:
    await screen.begin("What does it cost?")
    await screen.reply("// sounds like a big order")
    await screen.marked("big order", "lock")
    await screen.reply("!team sales")
    await expect(screen.post("Handed over to sales by Ana Souza. It goes on there")).to_be_visible()
    await expect(screen.card.get_by_text("Status: Handed over")).to_be_visible()
    await expect(screen.card.locator(".block-actions")).to_have_count(0)
    await screen.card.get_by_role("link", name="This conversation goes on here").click()
    await expect(screen.thread.get_by_text("#sales", exact=True)).to_be_visible()
    await expect(screen.post(f"{screen.number}: What does it cost?")).to_be_visible()
    await expect(screen.post("Comments so far")).to_contain_text("Ana Souza: sounds like a big order")
    await screen.become(DANA)
    await screen.card.get_by_role("button", name="Claim").click()
    await screen.owned_by(DANA)
    await screen.reply("It is 80, with delivery")
    await screen.press("Skip 5 seconds")
    await expect(screen.bubbles.filter(has_text="It is 80, with delivery")).to_be_visible()
    await screen.text("Deal!")
    await expect(screen.post("Deal!")).to_be_visible()
    await screen.card.get_by_role("link", name="Earlier thread").click()
    await expect(screen.thread.get_by_text("#front-desk", exact=True)).to_be_visible()
    await screen.tried("team")


async def test_a_personal_line_is_in_direct_messages_until_it_is_shared(screen: Screen) -> None:
    await screen.add_contact()
    await screen.choose_line("+15550003000")
    await screen.text("Are you free at noon?")
    await screen.page.get_by_text("Direct messages", exact=True).wait_for()
    direct = screen.page.get_by_role("navigation", name="Channels").get_by_role("button", name="Textbridge").first
    await direct.click()
    await screen.cards.filter(has_text=screen.number).locator(".thread-summary").click()
    await screen.read()
    await screen.reply(f"!zone {zone_where_it_is(12)}")  # this line keeps quiet hours
    await screen.told("The contact's time zone is")
    await screen.reply("Yes, at the usual place")
    await screen.marked("usual place", "hourglass_flowing_sand")
    await screen.press("Skip 5 seconds")
    await expect(screen.bubbles.filter(has_text="Yes, at the usual place")).to_be_visible()
    await screen.reply("!share")
    await screen.card.get_by_role("link", name="This conversation goes on here").click()
    await expect(screen.thread.get_by_text("#front-desk", exact=True)).to_be_visible()
    await expect(screen.post(f"{screen.number}: Are you free at noon?")).to_be_visible()


async def test_two_conversations_of_one_person_are_merged_and_separated_again(screen: Screen) -> None:
    await screen.begin("My parcel came damaged")
    first = await screen.conversation()
    await screen.begin("It is me again, from my phone at work")
    second = await screen.conversation()
    await screen.card.get_by_role("button", name="More choices").click()
    await screen.page.get_by_role("menuitem", name="Merge into …").click()
    await screen.dialog.get_by_label("Conversation").fill(first)
    await screen.dialog.get_by_role("button", name="Merge", exact=True).click()
    await expect(screen.dialog).to_have_count(0)
    await expect(screen.card.get_by_text(f"Status: Merged into {first}")).to_be_visible()
    await screen.card.get_by_role("link", name=f"This conversation goes on in {first}").click()
    await expect(screen.post(f"{second} of")).to_contain_text("is merged in here by Ana Souza")
    await screen.text("Where are you?")
    await expect(screen.post("Where are you?")).to_be_visible()
    await screen.read()
    await screen.reply("Still here")
    await screen.press("Skip 5 seconds")
    await expect(screen.bubbles.filter(has_text="Still here")).to_be_visible()
    await screen.post(f"{second} of").get_by_role("button", name="Unmerge").click()
    await expect(screen.post(f"{second} was separated by Ana Souza")).to_be_visible()
    await screen.text("And now?")
    await screen.cards.filter(has_text=second).locator(".thread-summary").click()
    await expect(screen.post("And now?")).to_be_visible()
    await expect(screen.card.get_by_text("Status: Open")).to_be_visible()
