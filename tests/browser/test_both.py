"""One conversation in Slack and in Matrix at once, followed on the page of `textbridge sandbox --platform both`."""

from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.both import BothScreen
from tests.browser.sandbox import running


async def test_one_conversation_is_followed_on_both_sides(both: BothScreen) -> None:
    await both.begin()
    await both.answer("A new one leaves today")
    await both.signed("A new one leaves today", "☑")
    await expect(both.bubbles).to_have_count(1)
    await expect(both.bubbles).to_contain_text("A new one leaves today")
    await expect(both.said("slack", "replied: A new one leaves today")).to_contain_text("Ben Okafor")
    await both.write("slack", "// is there a third one?")
    await both.marked("is there a third one?", "lock")
    await expect(both.said("matrix", "is there a third one?")).to_contain_text("Ana Souza")
    await both.phone.get_by_role("button", name="Attach a picture").click()
    await both.page.get_by_role("button", name="A dented parcel on a doorstep").click()
    await both.text("See here")
    picture = both.thread_in("matrix").locator(".file-picture img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 800
    await expect(both.thread_in("slack").locator(".file-picture img")).to_be_visible()
    await expect(both.bubbles).to_have_count(1)
    for step in ("text", "reply", "comment"):
        await both.tried(step)


async def test_a_claim_on_one_side_shows_on_both_cards(both: BothScreen) -> None:
    await both.begin()
    card = both.card_in("matrix")
    await card.hover()
    await card.get_by_role("button", name="Add reaction").click()
    await both.page.get_by_role("menuitem", name="eyes").click()
    await expect(card).to_contain_text("Assignee: Ben Okafor")
    await expect(both.card_in("slack")).to_contain_text("Ben Okafor")
    await both.tried("claim")
    await card.locator('[data-sign="👀"]').click()
    await expect(card).to_contain_text("Assignee: nobody yet")


async def test_a_question_answered_on_one_side_is_settled_on_both(both: BothScreen) -> None:
    await both.begin()
    await both.write("slack", "We refund it")
    question = both.said("slack", "Held, not sent")
    await expect(question.get_by_role("button", name="Keep internal")).to_be_visible()
    await both.click_sign("Held, not sent", "🔒")
    await expect(question.get_by_role("button", name="Keep internal")).to_have_count(0)
    await expect(both.said("matrix", "Kept internal")).to_be_visible()
    await both.tried("guard")
    await both.write("matrix", "We refund it today")
    await both.said("slack", "Held, not sent").get_by_role("button", name="Send", exact=True).click()
    await expect(both.bubbles).to_have_count(1)
    await expect(both.bubbles).to_contain_text("We refund it today")


async def test_undone_edited_and_deleted_in_matrix(both: BothScreen) -> None:
    await both.begin()
    await both.write("matrix", "Too hasty")
    await both.click_sign("Too hasty", "❌")
    await both.tried("undo")
    await both.write("matrix", "Deleted soon enough")
    await both.signed("Deleted soon enough", "⏳")
    await both.do_in_matrix(both.said("matrix", "Deleted soon enough").first, "Delete message")
    await both.dialog.get_by_role("button", name="Delete").click()
    await expect(both.said("matrix", "Message deleted")).to_be_visible()
    await both.write("matrix", "It comes tomorow")
    await both.signed("It comes tomorow", "⏳")
    await both.do_in_matrix(both.said("matrix", "It comes tomorow").first, "Edit message")
    field = both.page.get_by_label("Edit message")
    await field.fill("It comes tomorrow")
    await field.press("Enter")
    await expect(both.bubbles).to_have_count(1)
    await expect(both.bubbles).to_contain_text("It comes tomorrow")


async def test_time_that_is_skipped_passes_in_matrix_too(both: BothScreen) -> None:
    await both.begin()
    await both.page.get_by_role("button", name="Skip 1 hour").click()
    await both.answer("Still here")
    await expect(both.bubbles).to_contain_text("Still here")
    await both.signed("Still here", "☑")


async def test_one_side_goes_on_while_the_other_is_away(both: BothScreen) -> None:
    await both.begin()
    await both.toggle_homeserver()
    await expect(both.thread_in("matrix").get_by_text("The homeserver is stopped")).to_be_visible()
    await both.text("Hello?")
    await expect(both.said("slack", "Hello?")).to_be_visible()
    await both.read()
    await both.write("slack", "We are here")
    await both.marked("We are here", "hourglass_flowing_sand")
    await both.read()
    await expect(both.bubbles).to_contain_text("We are here")
    await both.toggle_homeserver()
    await expect(both.said("matrix", "Hello?")).to_be_visible()
    await expect(both.said("matrix", "replied: We are here")).to_be_visible()
    await both.read()
    await both.answer("And so are we")
    await expect(both.bubbles.filter(has_text="And so are we")).to_be_visible()
    await both.tried("away")
    both.complaints[:] = [one for one in both.complaints if "net::ERR_" not in one]


async def test_matrix_alone(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path / "sandbox", "matrix") as address:
        screen = await BothScreen.open(browser, address)
        await screen.add_contact()
        await screen.text("Are you open?")
        await expect(screen.said("matrix", "Are you open?")).to_be_visible()
        await screen.read()
        await screen.page.set_viewport_size({"width": 390, "height": 844})
        await expect(screen.phone).to_be_hidden()
        await expect(screen.page.get_by_role("button", name="Slack", exact=True)).to_have_count(0)
        await screen.write("matrix", "Until six")
        await screen.signed("Until six", "☑")
        assert await screen.page.evaluate("document.documentElement.scrollWidth") <= 390
        await screen.press("Phone")
        await expect(screen.bubbles).to_contain_text("Until six")
        await screen.settled()


async def test_an_invitation_of_the_bot_is_accepted(both: BothScreen) -> None:
    """A personal line's conversations are in a direct room, which the bot makes."""
    await both.page.get_by_role("button", name="You are Ben Okafor").click()
    await both.page.get_by_role("menuitemcheckbox", name="Ana Souza").click()
    await both.add_contact()
    await both.choose_line("+15550003000")
    await both.text("Hi Ana, it is me")
    side = both.side("matrix")
    await side.get_by_role("navigation").get_by_role("button", name="Textbridge").click()
    await side.get_by_role("button", name="Accept").click()
    await expect(both.said("matrix", "Hi Ana, it is me")).to_be_visible()
    await both.read()
    await both.answer("Hello you")
    await expect(both.bubbles).to_contain_text("Hello you")


async def test_markup_of_others_is_shown_without_what_could_do_harm(both: BothScreen) -> None:
    """Any member of a room may send any HTML; only what Matrix allows is drawn."""
    hostile = (
        '<b>bold</b><script>window.harm=1</script><img src="x" onerror="window.harm=1">'
        '<a href="javascript:window.harm=1">one</a><a href="https://example.org/">two</a>'
        '<p onclick="window.harm=1" style="position:fixed">three</p><iframe src="/"></iframe>'
    )
    drawn = await both.page.evaluate(
        """async (hostile) => {
          const { html } = await import("/page/js/matrix/html.js");
          const { render } = await import("/page/js/dom.js");
          const place = document.createElement("div");
          render(place, html(hostile, "@ana:localhost"));
          return place.innerHTML;
        }""",
        hostile,
    )
    assert drawn == (
        '<b>bold</b>one<a href="https://example.org/" target="_blank" rel="noreferrer noopener">two</a><p>three</p>'
    )
    assert await both.page.evaluate("window.harm") is None
    both.complaints[:] = [one for one in both.complaints if "Content Security Policy" not in one]
