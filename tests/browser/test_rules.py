"""Rules of the sandbox: who asks for a price is answered, and goes to the next of the sales team who is there."""

from playwright.async_api import expect

from tests.browser.sandbox import Screen

DANA, FAY, HUGO = "Dana Weiss", "Fay Lindqvist", "Hugo Marin"


async def test_prices_go_to_sales_in_turn_past_who_is_away(screen: Screen) -> None:
    await _ask_for_a_price(screen)
    await screen.owned_by(DANA)
    await expect(screen.post("Automatic text by the rule prices go to sales")).to_be_visible()
    await expect(screen.bubbles.filter(has_text="Our sales team texts you a price.")).to_be_visible()
    await screen.become(FAY)
    await screen.reply("!away")
    await screen.told("You are away")
    await _ask_for_a_price(screen)
    await screen.owned_by(HUGO)
    await screen.reply("!why")
    await screen.told("The rule prices go to sales")


async def _ask_for_a_price(screen: Screen) -> None:
    await screen.go("front-desk")
    await screen.add_contact()
    await screen.text("How much is the blue one?")
    await screen.go("sales")
    await screen.cards.filter(has_text=screen.number).locator(".thread-summary").click()
    await expect(screen.post("How much is the blue one?")).to_be_visible()
