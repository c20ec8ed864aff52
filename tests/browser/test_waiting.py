"""Times to keep on the page: a text waits, is warned of, missed and taken up the ladder as the clock is moved."""

from playwright.async_api import expect

from tests.browser.sandbox import Screen
from tests.browser.test_team import ANA, BEN


async def test_a_text_waits_is_warned_of_missed_and_goes_up_the_ladder(fresh: Screen) -> None:
    await fresh.begin("Is anybody there?")
    await expect(fresh.card.get_by_text("Due:")).to_be_visible()
    await fresh.card.get_by_role("combobox", name="Assign to …").select_option("ben")
    await fresh.owned_by(BEN)
    await fresh.press("Skip 15 minutes")
    warning = fresh.post("The first answer is due")
    await expect(warning).to_be_visible()
    await expect(warning.locator(".mention", has_text=BEN)).to_be_visible()
    await fresh.press("Skip 15 minutes")
    missed = fresh.post("Overdue: the first answer was due")
    await expect(missed).to_have_count(1)
    await expect(fresh.card.get_by_text("Overdue since:")).to_be_visible()
    await fresh.tried("wait")
    await fresh.press("Skip 15 minutes")
    await expect(missed).to_have_count(2)
    await fresh.press("Skip 15 minutes")
    await expect(missed).to_have_count(3)
    await expect(missed.last.locator(".mention", has_text=ANA)).to_be_visible()
    await fresh.go("Textbridge")
    await expect(fresh.channel.get_by_role("button", name="Overdue (1)")).to_be_visible()
    await fresh.go("front-desk")
    await fresh.press("Skip 1 hour")
    await expect(fresh.post("It is nobody's again.")).to_be_visible()
    await fresh.owned_by("Nobody yet")
    await fresh.reply("Yes, sorry! How can we help?")
    await fresh.press("Skip 5 seconds")
    await expect(fresh.bubbles).to_have_count(1)
    await expect(fresh.card.get_by_text("Overdue since:")).to_have_count(0)
