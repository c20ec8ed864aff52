"""Makes the pictures of the documentation again, from the sandbox's page.

``.venv/bin/python -m docs.pictures.make``
"""

import asyncio
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Locator, async_playwright, expect

from tests.browser.both import BothScreen
from tests.browser.sandbox import Screen, running
from tests.services.chromium import FLAGS, executable

HERE = Path(__file__).parent
WIDTH, HEIGHT = 1440, 900
NARROW, NARROW_HEIGHT, GAP = 390, 844, 24
FILM_WIDTH = 1080
QUALITY = 82
QUESTION = "Hi, my parcel came with a broken lid. What now?"
ANSWER = "So sorry, Maria! A new one leaves today. Keep this one."
HERE_IS_ANA, HERE_IS_BEN = "Ana Souza", "Ben Okafor"


class Film:
    """Frames of the page, each with how long it is shown in milliseconds."""

    def __init__(self, screen: Screen) -> None:
        """Begin without a frame."""
        self._screen = screen
        self._frames: list[Image.Image] = []
        self._times: list[int] = []

    async def shoot(self, milliseconds: int) -> None:
        """Add the page as it is now."""
        frame = image(await self._screen.page.screenshot())
        frame.thumbnail((FILM_WIDTH, FILM_WIDTH * HEIGHT // WIDTH), Image.Resampling.LANCZOS)
        self._frames.append(frame)
        self._times.append(milliseconds)

    async def type(self, field: Locator, words: str) -> None:
        """Write a few characters a frame, as a hand would."""
        await field.click()
        for end in range(0, len(words), 6):
            await field.fill(words[: end + 6])
            await self.shoot(110)
        await self.shoot(500)
        await field.press("Enter")

    def save(self, name: str) -> None:
        """Write an animation."""
        first, *rest = self._frames
        first.save(
            HERE / name,
            save_all=True,
            append_images=rest,
            duration=self._times,
            loop=0,
            quality=QUALITY,
            method=6,
            kmin=100,
            kmax=200,
        )


def image(png: bytes) -> Image.Image:
    """Return a screenshot without transparency."""
    return Image.open(io.BytesIO(png)).convert("RGB")


def save(png: bytes, name: str) -> None:
    """Write a screenshot small."""
    image(png).save(HERE / name, quality=QUALITY, method=6)


async def become(screen: Screen, name: str) -> None:
    """Let another teammate sit at the screen."""
    await screen.page.get_by_role("button", name="You are ").click()
    await screen.page.get_by_role("menuitemcheckbox", name=name).click()
    await expect(screen.page.get_by_role("button", name=f"You are {name}")).to_be_visible()


async def add_contact(screen: Screen, name: str, number: str) -> None:
    """Add somebody with a name of our choice."""
    screen.contact = name
    await screen.page.get_by_role("button", name="Add a contact").click()
    await screen.page.get_by_label("Name").fill(name)
    await screen.page.get_by_label("Number").fill(number)
    await screen.page.get_by_role("button", name="Add contact", exact=True).click()


async def main_story(screen: Screen) -> None:
    """A text becomes a thread, the team talks, a reply becomes a text: the film, and the picture of its end."""
    await add_contact(screen, "Tom Baker", "+1 212 555 0117")
    await screen.text("Are you open on Saturday?")
    await expect(screen.cards).to_have_count(1)
    await add_contact(screen, "Maria Silva", "+1 212 555 0142")
    film = Film(screen)
    await film.shoot(1200)
    await screen.phone.get_by_role("button", name="Attach a picture").click()
    await screen.page.get_by_role("button", name="A dented parcel on a doorstep").click()
    await expect(screen.phone.locator(".chip")).to_be_visible()
    await film.type(screen.page.get_by_label("Text from Maria Silva’s phone"), QUESTION)
    await expect(screen.cards).to_have_count(2)
    await film.shoot(1500)
    await screen.cards.last.locator(".thread-summary").click()
    await expect(screen.thread.locator(".file-picture img")).to_be_visible()
    await screen.thread.locator(".file-picture img").evaluate("image => image.decode()")
    await film.shoot(1800)
    await film.type(screen.page.get_by_label("Reply in the thread"), "// is there another one in stock?")
    await screen.marked("is there another one", "lock")
    await film.shoot(1400)
    await become(screen, HERE_IS_BEN)
    await screen.reply("note: yes, two")
    await screen.marked("yes, two", "lock")
    await film.shoot(1600)
    await become(screen, HERE_IS_ANA)
    await film.type(screen.page.get_by_label("Reply in the thread"), ANSWER)
    await screen.marked("So sorry", "hourglass_flowing_sand")
    await expect(screen.thread.get_by_role("button", name="Undo")).to_be_visible()
    await film.shoot(2600)
    await expect(screen.bubbles).to_have_count(1)
    await film.shoot(900)
    await screen.marked("So sorry", "ballot_box_with_check")
    await film.shoot(3500)
    film.save("text-to-thread-and-back.webp")
    await screen.thread.get_by_role("button", name="Dismiss").click()
    await screen.page.mouse.move(0, 0)
    save(await screen.page.screenshot(), "sandbox.webp")


async def held_story(screen: Screen) -> None:
    """A reply that might be meant for a colleague is held."""
    await screen.reply("It leaves at noon. Who packs it @here")
    question = screen.post("Held, not sent")
    await expect(question.get_by_role("button", name="Keep internal")).to_be_visible()
    await save_end_of_thread(screen, "held.webp")
    await question.get_by_role("button", name="Keep internal").click()


async def failed_story(screen: Screen) -> None:
    """A text that failed is explained, with what to do."""
    await screen.make_fail("Phone out of reach")
    await screen.reply("The courier is at your door.")
    await screen.marked("The courier is at your door.", "warning")
    await expect(screen.post("Not delivered").get_by_role("button", name="Send again")).to_be_visible()
    await screen.thread.get_by_role("button", name="Dismiss").click()
    await save_end_of_thread(screen, "failed.webp")


async def save_end_of_thread(screen: Screen, name: str) -> None:
    """Take what stands at the end of the thread."""
    await screen.page.mouse.move(0, 0)
    pane = await screen.thread.bounding_box()
    if pane is None:
        raise LookupError("no thread is open")
    height = 400.0
    top = pane["y"] + pane["height"] - height
    shot = await screen.page.screenshot(clip={"x": pane["x"], "y": top, "width": pane["width"], "height": height})
    save(shot, name)


async def both_story(screen: BothScreen) -> None:
    """One conversation on both sides: a reply from one is told on the other, a question stands on both."""
    await add_contact(screen, "Maria Silva", "+1 212 555 0142")
    await screen.text(QUESTION)
    await expect(screen.said("matrix", QUESTION)).to_be_visible()
    await screen.read()
    await screen.write("matrix", "!name Maria Silva")
    await expect(screen.card_in("matrix")).to_contain_text("Maria Silva")
    await screen.write("slack", "// is there another one in stock?")
    await screen.marked("is there another one", "lock")
    await screen.write("matrix", ANSWER)
    await screen.signed("So sorry", "☑")
    await expect(screen.said("slack", "replied: So sorry")).to_be_visible()
    await screen.write("matrix", "And we refund the postage.")
    await screen.signed("Held, not sent", "🔒")
    await expect(screen.said("slack", "Held, not sent")).to_be_visible()
    await screen.page.mouse.move(0, 0)
    save(await screen.page.screenshot(), "both.webp")


async def narrow_story(screen: BothScreen) -> None:
    """The same as a telephone shows it: one end at a time, side by side here."""
    await screen.page.set_viewport_size({"width": NARROW, "height": NARROW_HEIGHT})
    sheet = Image.new("RGB", (3 * NARROW + 2 * GAP, NARROW_HEIGHT), "white")
    for place, name in enumerate(("Phone", "Slack", "Matrix")):
        await screen.press(name)
        await screen.page.mouse.move(0, 0)
        sheet.paste(image(await screen.page.screenshot()), (place * (NARROW + GAP), 0))
    sheet.save(HERE / "both-narrow.webp", quality=QUALITY, method=6)


async def matrix_story(screen: BothScreen) -> None:
    """A conversation in a Matrix room, up to a claim that colleagues see on the card."""
    await add_contact(screen, "Tom Baker", "+1 212 555 0117")
    await screen.text("Are you open on Saturday?")
    await expect(screen.said("matrix", "Are you open")).to_be_visible()
    await screen.read()
    await screen.write("matrix", "// @Ben Okafor do you know?")
    await screen.signed("do you know?", "🔒")
    await screen.write("matrix", "Yes, from nine to one. See you then!")
    await screen.signed("See you then!", "☑")
    await screen.write("matrix", "Do not tell them of the refund")
    await screen.signed("Held, not sent", "🔒")
    await screen.page.mouse.move(0, 0)
    save(await screen.page.screenshot(), "matrix.webp")


async def take(browser: Browser, address: str) -> None:
    """Play every story on one page."""
    screen = await Screen.open(browser, address, width=WIDTH, height=HEIGHT)
    await main_story(screen)
    await held_story(screen)
    await failed_story(screen)


async def take_both(browser: Browser, address: str) -> None:
    """Play what needs both platforms."""
    screen = await BothScreen.open(browser, address, width=WIDTH, height=HEIGHT)
    await both_story(screen)
    await narrow_story(screen)


async def take_matrix(browser: Browser, address: str) -> None:
    """Play what needs Matrix alone."""
    await matrix_story(await BothScreen.open(browser, address, width=WIDTH, height=HEIGHT))


async def make() -> None:
    """Start a browser, and a sandbox of each kind one after the other, and make every picture."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        for platform, taking in (("slack", take), ("both", take_both), ("matrix", take_matrix)):
            with tempfile.TemporaryDirectory() as folder, running(Path(folder), platform) as address:
                await taking(browser, address)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(make())
