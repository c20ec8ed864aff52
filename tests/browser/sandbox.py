"""`textbridge sandbox` as a process, and its page as a person sees it."""

import itertools
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, ViewportSize, expect

READY_SECONDS = 90
MILLISECONDS = 30_000
ADDRESS = re.compile(rb"http://127\.0\.0\.1:\d+\b(?= )")
numbers = itertools.count(100)
expect.set_options(timeout=MILLISECONDS)


def zone_where_it_is(hour: int) -> str:
    """Return a time zone in which clocks show this hour now, by the machine's clock."""
    ahead = (hour - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/UTC"  # these are named the other way round


@contextmanager
def running(folder: Path, platform: str = "slack") -> Generator[str]:
    """Start the sandbox on a free port; gives the page's address, and ends it afterwards."""
    place = ["--platform", platform, "--port", "0", "--data", str(folder), "--no-browser"]
    command = [sys.executable, "-m", "bridge", "sandbox", *place]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment) as process:
        try:
            yield _address(process)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=READY_SECONDS)


def _address(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    deadline, said = time.monotonic() + READY_SECONDS, b""
    while select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
        chunk = os.read(process.stdout.fileno(), 65_536)
        said += chunk
        if found := ADDRESS.search(said):
            return found[0].decode()
        if not chunk:
            break
    raise AssertionError(f"the sandbox did not say where it is: {said.decode()}")


class Screen:
    """The page: what a person reads and presses. Complaints of the browser are collected."""

    def __init__(self, page: Page) -> None:
        page.set_default_timeout(MILLISECONDS)
        self.page = page
        self.contact = ""
        self.complaints: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", self._threw)

    @classmethod
    async def open(cls, browser: Browser, address: str, *, width: int = 1440, height: int = 900) -> Self:
        size = ViewportSize(width=width, height=height)
        # Nothing moves: drawing without a graphics card is what costs the time here.
        page = await browser.new_page(viewport=size, locale="en-US", reduced_motion="reduce")
        screen = cls(page)
        await page.goto(address)
        await expect(page.get_by_role("heading", name="Textbridge", exact=True)).to_be_visible()
        return screen

    def _said(self, message: ConsoleMessage) -> None:
        # An act that is refused is answered 409 and explained on the page; the browser notes it as an error.
        if message.type in ("error", "warning") and "409" not in message.text:
            self.complaints.append(f"{message.text} {message.location.get('url', '')}".strip())

    def _threw(self, error: Error) -> None:
        self.complaints.append(str(error))

    @property
    def phone(self) -> Locator:
        return self.page.get_by_role("region", name="The contacts’ phones")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def channel(self) -> Locator:
        return self.page.locator(".channel-pane")

    @property
    def cards(self) -> Locator:
        """One for each conversation."""
        return self.channel.get_by_role("article").filter(has=self.page.get_by_role("heading", name=re.compile("#10")))

    @property
    def bubbles(self) -> Locator:
        """What the contact has received."""
        return self.phone.locator(".bubble.is-theirs")

    async def add_contact(self) -> None:
        """Add somebody nobody has heard of yet."""
        number = next(numbers)
        self.contact = f"Contact {number}"
        await self.page.get_by_role("button", name="Add a contact").click()
        await self.page.get_by_label("Name").fill(self.contact)
        await self.page.get_by_label("Number").fill(f"+1 212 555 0{number}")
        await self.page.get_by_role("button", name="Add contact", exact=True).click()
        await expect(self.page.get_by_label(f"Text from {self.contact}’s phone")).to_be_visible()

    async def begin(self, words: str = "My parcel came damaged") -> None:
        """Let a new contact text the team, open the thread of their conversation, and take the time to read it."""
        before = await self.cards.count()
        await self.add_contact()
        await self.text(words)
        await expect(self.cards).to_have_count(before + 1)
        await self.cards.last.get_by_role("button", name=re.compile(r"\d+ repl")).click()
        await expect(self.post(words)).to_be_visible()
        await self.read()

    async def read(self) -> None:
        """Let the time go by in which nobody can have read what the contact wrote last."""
        await self.press("Skip 5 seconds")

    async def text(self, words: str) -> None:
        """Text the team from the phone."""
        field = self.page.get_by_label(f"Text from {self.contact}’s phone")
        await field.fill(words)
        await field.press("Enter")

    async def choose_line(self, number: str) -> None:
        """Text from now on to this line; the page draws that with its next frame."""
        await self.page.get_by_label("Line to text").select_option(number)
        await self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    async def reply(self, words: str) -> None:
        field = self.page.get_by_label("Reply in the thread")
        await field.fill(words)
        await field.press("Enter")

    @property
    def card(self) -> Locator:
        """The root of the open thread."""
        return self.thread.get_by_role("article").filter(has=self.page.get_by_role("heading", name=re.compile("#10")))

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def number(self) -> str:
        """The number of the contact added last, as cards show it."""
        return f"+1 212-555-0{self.contact.split()[1]}"

    async def owned_by(self, name: str) -> None:
        """Wait until the open thread's card names ``name`` as its assignee."""
        await expect(self.card.get_by_text(f"Assignee: {name}")).to_be_visible()

    async def conversation(self) -> str:
        """Return the number of the conversation in the open thread, as ``#1042``."""
        return f"#{(await self.card.get_by_role('heading').inner_text()).partition('#')[2]}"

    async def become(self, name: str) -> None:
        """Let another teammate sit at the screen."""
        await self.page.get_by_role("button", name="You are ").click()
        await self.page.get_by_role("menuitemcheckbox", name=name).click()
        await expect(self.page.get_by_role("button", name=f"You are {name}")).to_be_visible()

    async def go(self, place: str) -> None:
        """Open a channel, or the app's home tab by the app's name, which stands below its direct messages."""
        entry = self.page.get_by_role("navigation", name="Channels").get_by_role("button", name=place).last
        await entry.click()
        await expect(entry).to_have_attribute("aria-current", "page")

    async def react(self, post: Locator, name: str) -> None:
        """Give a reaction to a message."""
        await post.hover()
        await post.get_by_role("button", name="Add reaction").click()
        await self.page.get_by_role("menuitem", name=name, exact=True).click()

    async def take_back(self, post: Locator, name: str) -> None:
        """Take an own reaction back."""
        await post.locator(f'.reaction[data-emoji="{name}"][aria-pressed="true"]').click()

    async def told(self, words: str) -> None:
        """Wait until something is said in the thread for this teammate's eyes only."""
        private = self.thread.get_by_role("article").filter(has_text="Only visible to you")
        await expect(private.filter(has_text=words).first).to_be_visible()

    def post(self, words: str) -> Locator:
        """A message of the open thread."""
        return self.thread.get_by_role("article").filter(has_text=words)

    async def marked(self, words: str, mark: str) -> None:
        """Wait until the bot's mark stands on a message of the thread."""
        await expect(self.post(words).first.locator(f'[data-emoji="{mark}"]').first).to_be_visible()

    async def more(self, words: str, entry: str) -> None:
        """Choose from *More actions* of a message of the thread."""
        post = self.post(words).first
        await post.hover()
        await post.get_by_role("button", name="More actions").click()
        await self.page.get_by_role("menuitem", name=entry).click()

    async def make_fail(self, entry: str) -> None:
        await self.page.get_by_role("button", name="Make it fail").click()
        await self.page.get_by_role("menuitem", name=entry).click()

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def settled(self) -> None:
        """Check that neither the browser nor the pretend vendors complain, and close the page."""
        assert not self.complaints, self.complaints
        refused = self.page.get_by_text("refused by the vendors’ rules")
        if await refused.count():
            raise AssertionError(await refused.get_attribute("title"))
        await self.page.close()

    async def tried(self, step: str) -> None:
        """Wait until a step of the guide is ticked off."""
        await expect(self.page.locator(f'[data-step="{step}"].is-done')).to_be_visible()
