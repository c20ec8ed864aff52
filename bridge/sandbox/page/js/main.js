// Puts the page together and keeps it up to date.

import { render, h } from "./dom.js";
import { header, shownSide } from "./header.js";
import { become, follow } from "./link.js";
import { listen } from "./menu.js";
import { matrixRooms, openAddress } from "./matrix/matrix.js";
import { keepUp } from "./matrix/session.js";
import { overlays } from "./overlays.js";
import { phones } from "./phone.js";
import { openPermalink } from "./places.js";
import { shownChannel, slack } from "./slack.js";
import { onDraw, page, redraw, ui } from "./state.js";
import { strip } from "./strip.js";

const root = document.getElementById("page");

onDraw(() => {
  if (!page.world) return;
  const sides = [page.world.slack && slackSide, page.world.matrix && matrixRooms].filter(Boolean);
  document.title = page.world.bridge.running ? "Textbridge sandbox" : "Stopped – Textbridge sandbox";
  if (page.world.slack) root.dataset.app = page.world.slack.bot.app_id;
  const main = h("main", { class: `shows-${shownSide()} sides-${sides.length}` }, phones(), sides.map((side) => h("div", { class: "side" }, side())));
  render(root, header(), main, strip(), h("div", { class: "overlays" }, overlays()));
});

function slackSide() {
  openFirstThread();
  return slack();
}

/** The first conversation opens by itself, so that the way from phone to thread is seen at once. */
function openFirstThread() {
  const channel = shownChannel();
  // A thread of another sandbox, from before this one was started.
  if (typeof ui.thread === "string" && !channel?.messages.some((one) => one.ts === ui.thread)) ui.thread = null;
  if (ui.thread !== null) return;
  const card = channel?.messages.findLast((one) => one.reply_count && one.bot_id);
  if (card) ui.thread = card.ts;
}

function shown(world) {
  page.world = world;
  if (world.slack && !(ui.user in world.slack.users)) ui.user = world.user;
  if (world.matrix) keepUp();
  redraw();
}

function connected(on) {
  page.connected = on;
  redraw();
}

/** Links to messages open here instead of nowhere. */
function followPermalinks(event) {
  const link = event.target.closest?.("a");
  if (link && ((link.dataset.link && openPermalink(link.dataset.link)) || openAddress(link.href))) event.preventDefault();
}

async function begin() {
  listen();
  document.addEventListener("click", followPermalinks);
  document.addEventListener("visibilitychange", redraw);
  setInterval(() => {
    page.now = Date.now() / 1000;
    redraw();
  }, 1000);
  if (ui.user) become(ui.user);
  follow(shown, connected);
  const answer = await fetch("/sandbox/emoji.json").catch(() => null);
  if (answer?.ok) page.emoji = await answer.json(); // without it emoji show by name
  redraw();
}

begin();
