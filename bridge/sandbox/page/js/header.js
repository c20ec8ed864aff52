// The top: the bridge's state, time, trouble on order.

import { h } from "./dom.js";
import { clockWithSeconds, dayName, duration, now } from "./format.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { busy, page, perform, set, toast, ui } from "./state.js";

const SKIPS = [[5, "5 s", "5 seconds"], [900, "15 min", "15 minutes"], [3600, "1 h", "1 hour"]];

export function header() {
  return h(
    "header",
    { class: "top" },
    h("div", { class: "brand" }, h("span", { class: "brand-mark" }, icon("message", 18)), h("h1", null, "Textbridge"), h("span", { class: "tag" }, "Sandbox")),
    state(),
    h("div", { class: "top-fill" }),
    !page.connected && h("span", { class: "pill is-error" }, "Reconnecting…"),
    h("div", { class: "controls" }, time(), trouble(), process()),
    sides(),
  );
}

/** Which end a narrow window shows; a wide one shows both. */
function sides() {
  const side = (name, label) =>
    h("button", { type: "button", key: name, "aria-pressed": String(shownSide() === name), onClick: () => set({ side: name }) }, label);
  const { slack, matrix } = page.world;
  return h("div", { class: "sides", role: "group", "aria-label": "What is shown" }, side("phone", "Phone"), slack && side("slack", "Slack"), matrix && side("matrix", "Matrix"));
}

export const shownSide = () => ui.side ?? (page.world.slack ? "slack" : "matrix");

function state() {
  const { running, doing, since, restarts } = page.world.bridge;
  const words = { starting: "Starting…", stopping: "Stopping…", restarting: "Restarting…" }[doing] ?? (running ? "Bridge running" : "Bridge stopped");
  const details = [doing ? null : `since ${clockWithSeconds(since)}`, restarts ? `${restarts} ${restarts === 1 ? "restart" : "restarts"}` : null];
  return h(
    "div",
    { class: `pill bridge-state ${doing ? "is-busy" : running ? "is-good" : "is-error"}`, role: "status" },
    h("span", { class: "light" }),
    h("strong", null, words),
    h("span", { class: "pill-note" }, details.filter(Boolean).join(" · ")),
  );
}

function time() {
  const { offset } = page.world;
  return h(
    "div",
    { class: "group time", role: "group", "aria-label": "Time" },
    h("span", { class: "clock", title: offset ? `${duration(offset)} ahead of your clock` : "Your own clock" }, icon("clock", 16), h("time", null, clockWithSeconds(now())), offset > 0 && h("span", { class: "quiet" }, dayName(now()) === "Today" ? "" : dayName(now()))),
    h("span", { class: "group-label" }, "Skip"),
    SKIPS.map(([seconds, label, words]) =>
      h("button", { type: "button", key: seconds, class: "btn btn-small", "aria-label": `Skip ${words}`, title: `Skip ${words}`, onClick: () => perform("time.skip", { seconds }) }, label),
    ),
  );
}

function trouble() {
  const { slack, matrix, trouble: { waiting, twice } } = page.world;
  const away = matrix && !matrix.running;
  const told = [...waiting, twice && "everything comes twice", away && "the homeserver is stopped"].filter(Boolean);
  const order = (name, fields, words) => async () => {
    if ((await perform(name, fields)).ok) toast(words);
  };
  const entries = [
    { heading: "The next answer" },
    { label: "Lose Twilio’s answer", act: order("fault.lose", { vendor: "twilio" }, "Twilio will take the next text and its answer will get lost.") },
    slack && { label: "Lose Slack’s answer", act: order("fault.lose", { vendor: "slack" }, "Slack will take the next post and its answer will get lost.") },
    slack && { label: "Slack answers late", note: "8 s", act: order("fault.delay", { vendor: "slack", seconds: 8 }, "Slack’s next answer comes late.") },
    slack && { label: "Slack says: too many requests", note: "429", act: order("fault.limit", { vendor: "slack", seconds: 5 }, "Slack refuses the next post for five seconds.") },
    { heading: "The next text fails" },
    { label: "Phone out of reach", note: "30003", act: order("fault.fail", { code: 30003 }, "The next text will not reach the phone.") },
    { label: "Filtered by the carrier", note: "30007", act: order("fault.fail", { code: 30007 }, "The carrier will filter the next text.") },
    { label: "Contact opted out", note: "21610", act: order("fault.fail", { code: 21610 }, "Twilio will refuse the next text.") },
    { heading: "Every event" },
    { label: "Deliver everything twice", checked: twice, act: () => perform("fault.twice", { on: !twice }) },
    matrix && { heading: "Matrix" },
    matrix && { label: "Stop the homeserver", checked: away, act: () => busy("homeserver", () => perform("matrix.run", { wish: away ? "start" : "stop" })) },
    waiting.length + twice > 0 && { label: "Call everything off", danger: true, act: () => perform("fault.clear") },
  ];
  const label = [icon("bolt", 16), "Make it fail", told.length > 0 && h("span", { class: "count", title: told.join("\n") }, told.length), icon("chevron", 14)];
  return menu("trouble", { class: "btn" }, label, entries, { align: "end" });
}

function process() {
  const { running, doing } = page.world.bridge;
  const run = (wish) => () => busy("bridge", () => perform("bridge.run", { wish }));
  const waits = Boolean(doing) || ui.busy.has("bridge");
  return h(
    "div",
    { class: "group", role: "group", "aria-label": "The bridge’s process" },
    h("button", { type: "button", class: "btn btn-kill", disabled: waits, title: "SIGKILL, in the middle of whatever it does; then start it again", onClick: run("restart") }, icon("refresh", 16), "Kill and restart"),
    running
      ? h("button", { type: "button", key: "stop", class: "btn", disabled: waits, title: "SIGTERM: it finishes the call in hand", onClick: run("stop") }, icon("stop", 14), "Stop")
      : h("button", { type: "button", key: "start", class: "btn btn-primary", disabled: waits, onClick: run("start") }, icon("play", 14), "Start"),
  );
}
