"""The page by itself: safe, steady under updates, usable by keyboard, right in size."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.sandbox import Screen


async def test_it_loads_without_complaint_and_says_what_to_do_first(fresh: Screen) -> None:
    await expect(fresh.page.get_by_text("Bridge running")).to_be_visible()
    await expect(fresh.page.get_by_role("heading", name="Add a contact")).to_be_visible()
    await expect(fresh.channel.get_by_text("Nothing here yet")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1100, 720)])
async def test_it_fits_the_window(browser: Browser, shared_address: str, width: int, height: int) -> None:
    screen = await Screen.open(browser, shared_address, width=width, height=height)
    await screen.begin("A long word: " + "Donaudampfschifffahrt" * 12)
    await expect(screen.post("A long word")).to_be_visible()
    sizes = await screen.page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert sizes == [width, height]
    over = await screen.page.evaluate(
        "() => [...document.querySelectorAll('.pane, .screen, .messages, .top')]"
        ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className)"
    )
    assert over == []
    assert screen.complaints == []


async def test_what_people_write_is_never_read_as_html(screen: Screen) -> None:
    nasty = (
        "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> <b>bold</b> &lt;i&gt;"
    )
    await screen.begin(nasty)
    await expect(screen.post("<b>bold</b> &lt;i&gt;")).to_be_visible()
    await screen.reply("<u>under</u> <http://x|y> <!channel> &amp; *bold* `code` https://example.org/a?b=1")
    post = screen.post("<u>under</u>").first  # the question about it quotes it
    await expect(post).to_be_visible()
    await expect(post.locator("strong").filter(has_text="bold")).to_be_visible()
    await expect(post.locator("code")).to_have_text("code")
    link = post.get_by_role("link", name="https://example.org/a?b=1")
    await expect(link).to_have_attribute("rel", "noreferrer noopener")
    assert await screen.page.locator("main img[onerror], main script, main b, main u").count() == 0
    assert await screen.page.title() == "Textbridge sandbox"


async def test_half_written_text_and_focus_survive_what_happens_meanwhile(screen: Screen) -> None:
    await screen.begin("one")
    await expect(screen.post("one")).to_be_visible()
    field = screen.page.get_by_label("Reply in the thread")
    await field.click()
    await screen.page.keyboard.type("half a ")
    sent = screen.page.evaluate(
        """(number) => fetch("/sandbox/act", {method: "POST", headers: {"Content-Type": "application/json"},
        body: JSON.stringify({act: "phone.text", number: "+" + number, line: "+15550001000", body: "two"})})""",
        f"12125550{screen.contact.split()[1]}",
    )
    await sent
    await expect(screen.post("two")).to_be_visible()
    await screen.page.keyboard.type("sentence")
    await expect(field).to_have_value("half a sentence")
    await screen.page.keyboard.press("Shift+Enter")
    await screen.page.keyboard.type("and more")
    await expect(field).to_have_value("half a sentence\nand more")
    await screen.page.keyboard.press("Escape")
    await expect(field).to_be_focused()


async def test_slash_commands_are_refused_in_threads_as_in_slack(screen: Screen) -> None:
    await screen.begin("hello")
    await expect(screen.post("hello")).to_be_visible()
    await screen.reply("/sms help")
    await expect(screen.thread.get_by_role("alert")).to_have_text("/sms is not supported in threads. Sorry!")
    await expect(screen.page.get_by_label("Reply in the thread")).to_have_value("/sms help")


async def test_reactions_are_given_and_taken_back(screen: Screen) -> None:
    await screen.begin("hello")
    post = screen.post("hello")
    await post.hover()
    await post.get_by_role("button", name="Add reaction").click()
    await screen.page.get_by_role("menuitem", name="tada").click()
    mine = post.locator('.reaction[data-emoji="tada"]')
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await mine.click()
    await expect(mine).to_have_count(0)


async def test_another_teammate_sees_their_own_slack(screen: Screen) -> None:
    await screen.begin("hello")
    await screen.reply("!nonsense")
    await expect(screen.thread.get_by_text("Only visible to you")).to_be_visible()
    await screen.page.get_by_role("button", name="You are Ana Souza").click()
    await screen.page.get_by_role("menuitemcheckbox", name="Ben Okafor").click()
    await expect(screen.page.get_by_role("button", name="You are Ben Okafor")).to_be_visible()
    await expect(screen.post("!nonsense")).to_be_visible()
    await expect(screen.thread.get_by_text("Only visible to you")).to_have_count(0)
    await screen.page.reload()
    await expect(screen.page.get_by_role("button", name="You are Ben Okafor")).to_be_visible()


async def test_menus_work_by_keyboard(screen: Screen) -> None:
    button = screen.page.get_by_role("button", name="Make it fail")
    await button.focus()
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.get_by_role("menuitem", name="Lose Twilio’s answer")).to_be_focused()
    await screen.page.keyboard.press("ArrowDown")
    await expect(screen.page.get_by_role("menuitem", name="Lose Slack’s answer")).to_be_focused()
    await screen.page.keyboard.press("Escape")
    await expect(button).to_be_focused()
    await expect(screen.page.get_by_role("menu")).to_have_count(0)


async def test_every_control_has_a_name(screen: Screen) -> None:
    await screen.begin("hello")
    await expect(screen.post("hello")).to_be_visible()
    nameless = await screen.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea, a[href]")]
        .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() || one.labels?.length || one.title))
        .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    assert await screen.page.get_by_label(f"Text from {screen.contact}’s phone").count() == 1


async def test_skipped_time_shows_on_the_clock(fresh: Screen) -> None:
    await fresh.press("Skip 1 hour")
    await expect(fresh.page.locator(".clock")).to_have_attribute("title", "1 h ahead of your clock")
