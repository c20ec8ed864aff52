"""The page with Slack and Matrix side by side."""

import re
from typing import Literal

from playwright.async_api import Locator, expect

from tests.browser.sandbox import Screen

Place = Literal["slack", "matrix"]
REGIONS: dict[Place, str] = {"slack": "The team’s Slack", "matrix": "The team’s Matrix rooms"}


class BothScreen(Screen):
    """What a person sees and does on each side; in Slack they are Ana, in Matrix Ben."""

    def side(self, place: Place) -> Locator:
        return self.page.get_by_role("region", name=REGIONS[place])

    def thread_in(self, place: Place) -> Locator:
        return self.side(place).get_by_role("complementary", name="Thread")

    def said(self, place: Place, words: str) -> Locator:
        """A message of the open thread on one side."""
        return self.thread_in(place).get_by_role("article").filter(has_text=words)

    def card_in(self, place: Place) -> Locator:
        return self.thread_in(place).get_by_role("article").first

    async def begin(self, words: str = "My parcel came damaged") -> None:
        """Let a new contact text the team, open their thread on both sides, and take the time to read it."""
        await self.add_contact()
        await self.text(words)
        for place in REGIONS:
            await self.open_newest(place)
            await expect(self.said(place, words)).to_be_visible()
        await self.read()

    async def open_newest(self, place: Place) -> None:
        """Open the thread of the contact added last."""
        side = self.side(place)
        # The newest conversation of all opens by itself.
        await side.get_by_role("button", name="Close thread").click()
        card = side.get_by_role("article").filter(has_text=self.number)
        await card.last.get_by_role("button", name=re.compile(r"\d+ repl")).click()

    async def write(self, place: Place, words: str) -> None:
        """Write in the open thread of one side."""
        field = self.thread_in(place).get_by_label("Reply in the thread")
        await field.fill(words)
        await field.press("Enter")

    async def signed(self, words: str, sign: str) -> None:
        """Wait until a reaction stands on a message in Matrix."""
        await expect(self.said("matrix", words).first.locator(f'[data-sign="{sign}"]')).to_be_visible()

    async def answer(self, words: str) -> None:
        """Reply in Matrix, and let the time to undo it go by."""
        await self.write("matrix", words)
        await self.signed(words, "⏳")
        await self.read()

    async def click_sign(self, words: str, sign: str) -> None:
        """Click a reaction that stands on a message in Matrix."""
        await self.said("matrix", words).first.locator(f'[data-sign="{sign}"]').click()

    async def toggle_homeserver(self) -> None:
        """Stop the homeserver, or start it again; the browser notes what it cannot reach meanwhile."""
        await self.page.get_by_role("button", name="Make it fail").click()
        await self.page.get_by_role("menuitemcheckbox", name="Stop the homeserver").click()

    async def do_in_matrix(self, message: Locator, entry: str) -> None:
        """Choose from *More actions* of a message in Matrix."""
        await message.hover()
        await message.get_by_role("button", name="More actions").click()
        await self.page.get_by_role("menuitem", name=entry).click()
