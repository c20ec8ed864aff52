"""The way from a phone to the thread and back, driven on the page of `textbridge sandbox`."""

from playwright.async_api import expect

from tests.browser.sandbox import Screen


async def test_texts_and_a_picture_become_one_thread(screen: Screen) -> None:
    await screen.begin()
    cards = await screen.cards.count()
    await screen.phone.get_by_role("button", name="Attach a picture").click()
    await screen.page.get_by_role("button", name="A dented parcel on a doorstep").click()
    await expect(screen.phone.locator(".chip")).to_be_visible()
    await screen.text("See here")
    await expect(screen.post("See here")).to_be_visible()
    picture = screen.thread.locator(".file-picture img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 800
    assert await screen.cards.count() == cards
    await screen.tried("text")


async def test_a_reply_reaches_the_phone_and_is_marked_delivered(screen: Screen) -> None:
    await screen.begin()
    await screen.reply("We send a *new* one :package:")
    await screen.marked("We send a new one", "hourglass_flowing_sand")
    await screen.marked("We send a new one", "ballot_box_with_check")
    await expect(screen.bubbles).to_have_count(1)
    await expect(screen.bubbles.first).to_contain_text("We send a new one 📦")
    await screen.tried("reply")


async def test_a_comment_stays_inside(screen: Screen) -> None:
    await screen.begin()
    await screen.reply("// do we still have one?")
    await screen.marked("do we still have one?", "lock")
    await screen.reply("Yes, one is left")
    await expect(screen.bubbles.filter(has_text="Yes, one is left")).to_be_visible()
    await expect(screen.bubbles).to_have_count(1)
    await screen.tried("comment")


async def test_undo_in_time_and_deleting_in_time(screen: Screen) -> None:
    await screen.begin()
    await screen.reply("Too hasty")
    await screen.thread.get_by_role("button", name="Undo").click()
    await screen.tried("undo")
    await screen.reply("Deleted soon enough")
    await screen.marked("Deleted soon enough", "hourglass_flowing_sand")
    await screen.more("Deleted soon enough", "Delete message")
    await screen.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(screen.page.get_by_role("dialog")).to_have_count(0)  # it gives the focus back where it was
    await screen.reply("Only this one")
    await expect(screen.bubbles.filter(has_text="Only this one")).to_be_visible()
    await expect(screen.bubbles).to_have_count(1)


async def test_an_edit_after_sending_is_reported_and_can_be_corrected(screen: Screen) -> None:
    await screen.begin()
    await screen.reply("It comes today")
    await screen.marked("It comes today", "ballot_box_with_check")
    await screen.more("It comes today", "Edit message")
    field = screen.page.get_by_label("Edit message")
    await field.fill("It comes tomorrow")
    await field.press("Enter")
    await expect(screen.post("contact still has the old text")).to_be_visible()
    await expect(screen.bubbles).to_have_count(1)
    await screen.tried("edit")
    await screen.thread.get_by_role("button", name="Send correction").click()
    await expect(screen.bubbles.filter(has_text="It comes tomorrow")).to_be_visible()


async def test_a_failure_is_explained_and_sent_again(fresh: Screen) -> None:
    await fresh.begin()
    await fresh.make_fail("Phone out of reach")
    await fresh.reply("Can you hear us?")
    await fresh.marked("Can you hear us?", "warning")
    await expect(fresh.post("Not delivered")).to_be_visible()
    await expect(fresh.phone.locator(".fate")).to_contain_text("30003")
    await expect(fresh.bubbles).to_have_count(0)
    await fresh.tried("failure")
    await fresh.thread.get_by_role("button", name="Send again").click()
    await expect(fresh.bubbles).to_have_count(1)


async def test_a_lost_answer_does_not_double_a_text(fresh: Screen) -> None:
    await fresh.begin()
    await fresh.make_fail("Lose Twilio’s answer")
    await fresh.reply("Only once, please")
    await fresh.marked("Only once, please", "ballot_box_with_check")
    await fresh.reply("And another")
    await expect(fresh.bubbles.filter(has_text="And another")).to_be_visible()
    await expect(fresh.bubbles).to_have_count(2)


async def test_killed_and_restarted_it_loses_nothing(fresh: Screen) -> None:
    await fresh.begin()
    await fresh.reply("Held when the plug is pulled")
    await fresh.marked("Held when the plug is pulled", "hourglass_flowing_sand")
    first = fresh.contact
    await fresh.press("Kill and restart")
    await fresh.add_contact()  # somebody else: another text of the first would make the reply a stale one
    await fresh.text("Still there?")
    await expect(fresh.page.get_by_text("1 restart")).to_be_visible()
    await expect(fresh.cards).to_have_count(2)
    await fresh.marked("Held when the plug is pulled", "ballot_box_with_check")
    await fresh.page.get_by_role("group", name="Phones").get_by_role("button", name=first).click()
    await expect(fresh.bubbles).to_have_count(1)
    await fresh.tried("restart")


async def test_stopped_it_catches_up_when_started(fresh: Screen) -> None:
    await fresh.begin()
    await fresh.press("Stop")
    await expect(fresh.page.get_by_text("Bridge stopped")).to_be_visible()
    await fresh.reply("Written while it was away")
    await fresh.press("Start")
    await expect(fresh.bubbles.filter(has_text="Written while it was away")).to_be_visible()
    await expect(fresh.bubbles).to_have_count(1)


async def test_nobody_is_texted_after_stop(screen: Screen) -> None:
    await screen.begin()
    await screen.phone.get_by_role("button", name="This phone").click()
    await screen.page.get_by_role("menuitem", name="Text STOP").click()
    await expect(screen.phone.get_by_text("This contact sent STOP")).to_be_visible()
    await expect(screen.bubbles).to_have_count(1)  # the provider's own answer
    await screen.reply("One more thing")
    await screen.marked("One more thing", "warning")
    await expect(screen.bubbles).to_have_count(1)
