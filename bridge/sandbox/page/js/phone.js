// The contacts' phones: whose they are, what they hold, what they write.

import { composer, filePicker, takeFiles } from "./composer.js";
import { addForm } from "./contact.js";
import { h } from "./dom.js";
import { clock, dayName, initials, hue, isoClock, now, phoneNumber } from "./format.js";
import { icon } from "./icons.js";
import { menu, popover, close } from "./menu.js";
import { scroller } from "./scroller.js";
import { page, perform, set, ui } from "./state.js";

const FATES = {
  11751: "the file is too big for the carriers",
  12300: "carriers do not pass this kind of file on",
  21610: "the contact has opted out",
  30003: "the phone is off or out of reach",
  30005: "the number is unknown or no longer in use",
  30007: "the carrier filtered it",
};
const SAMPLES = [
  { name: "parcel.jpg", alt: "A dented parcel on a doorstep" },
  { name: "kitchen-tap.jpg", alt: "A dripping kitchen tap" },
];

export function phones() {
  const { phones: all, lines } = page.world.twilio;
  const phone = all.find((one) => one.number === ui.phone) ?? all[0];
  const adding = ui.adding || !phone;
  return h(
    "section",
    { class: "phones", "aria-label": "The contacts’ phones" },
    h(
      "div",
      { class: `contacts${all.length > 2 ? " is-many" : ""}`, role: "group", "aria-label": "Phones" },
      all.map((one) => tab(one, !adding && one === phone)),
      h(
        "button",
        { type: "button", key: "add", class: `contact-add${adding ? " is-shown" : ""}`, "aria-label": "Add a contact", title: "Add a contact", onClick: () => set({ adding: true }) },
        icon("add", 18),
      ),
    ),
    h("div", { class: "handset" }, h("div", { class: "screen" }, adding ? addForm(all) : screen(phone, lines))),
  );
}

export const nameOf = (phone) => phone.name || phoneNumber(phone.number);

function tab(phone, shown) {
  const newest = phone.conversations.flatMap((one) => one.messages).filter((one) => one.direction === "out" && one.received).at(-1);
  const fresh = !shown && newest && newest.created > (ui.seen[`phone ${phone.number}`] ?? "");
  return h(
    "button",
    {
      type: "button",
      key: phone.number,
      class: `contact${shown ? " is-shown" : ""}`,
      "aria-pressed": String(shown),
      title: `${nameOf(phone)}, ${phoneNumber(phone.number)}`,
      onClick: () => set({ phone: phone.number, adding: false }),
    },
    h("span", { class: `avatar round hue-${hue(nameOf(phone))}`, "aria-hidden": "true" }, initials(nameOf(phone)), fresh && h("span", { class: "badge" })),
    h("span", { class: "contact-name" }, nameOf(phone)),
  );
}

function screen(phone, lines) {
  const chosen = lines.find((line) => line.phone_number === ui.lines?.[phone.number]) ?? lines[0];
  if (!chosen) return h("div", { class: "empty" }, "The team has no line yet.");
  const talk = phone.conversations.find((one) => one.line === chosen.phone_number || one.line === chosen.service_sid);
  const messages = talk?.messages ?? [];
  const newest = messages.filter((one) => one.direction === "out").at(-1);
  if (newest && !document.hidden) ui.seen[`phone ${phone.number}`] = newest.created;
  return [
    statusBar(phone),
    top(phone, lines, chosen),
    scroller(`phone ${phone.number} ${chosen.phone_number}`, messages.length ? bubbles(messages) : start()),
    phone.opted_out.includes(chosen.phone_number) && h("p", { class: "opted-out", key: "out" }, "This contact sent STOP. START allows texts again."),
    writing(phone, chosen),
  ];
}

function statusBar(phone) {
  const off = phone.behaviour === "unreachable";
  return h("div", { class: "status-bar", key: "status", "aria-hidden": "true" }, h("span", null, clock(now())), h("span", { class: "bars" }, off ? "No service" : [1, 2, 3, 4].map((bar) => h("i", { class: `bar bar-${bar}` }))));
}

function top(phone, lines, line) {
  return h(
    "header",
    { class: "phone-head", key: "head" },
    h("span", { class: "avatar round avatar-line", "aria-hidden": "true" }, icon("message", 16)),
    h(
      "div",
      { class: "phone-title" },
      lines.length > 1 ? lineChoice(phone, lines, line) : h("strong", null, phoneNumber(line.phone_number)),
      h("span", null, phone.behaviour === "deliver" ? `${nameOf(phone)}’s phone` : `${nameOf(phone)}’s phone · ${MANNERS[phone.behaviour]?.short ?? phone.behaviour}`),
    ),
    settings(phone, line),
  );
}

function lineChoice(phone, lines, line) {
  return h(
    "select",
    { class: "line-choice", "aria-label": "Line to text", value: line.phone_number, onChange: (event) => set({ lines: { ...ui.lines, [phone.number]: event.target.value } }) },
    lines.map((one) => h("option", { value: one.phone_number, key: one.phone_number }, lineName(one))),
  );
}

/** What a contact would have saved the line as. */
function lineName({ phone_number: number, friendly_name: name }) {
  return name && name !== number ? `${name}, ${phoneNumber(number)}` : phoneNumber(number);
}

const MANNERS = {
  deliver: { label: "Receives texts", short: "on" },
  unreachable: { label: "Switched off", note: "30003", short: "switched off" },
  slow: { label: "Receives after 30 seconds", short: "slow" },
  silent: { label: "Receives, reports nothing", short: "reports nothing" },
};

function settings(phone, line) {
  const text = (body) => perform("phone.text", { number: phone.number, line: line.phone_number, body });
  return menu(
    "phone-settings",
    { class: "icon-button", "aria-label": "This phone", title: "This phone" },
    icon("dots", 18),
    [
      { heading: phoneNumber(phone.number) },
      ...Object.entries(MANNERS).map(([behaviour, { label, note }]) => ({
        label,
        note,
        checked: phone.behaviour === behaviour,
        act: () => perform("phone.behave", { number: phone.number, behaviour }),
      })),
      { heading: "Consent" },
      { label: "Text STOP", act: () => text("STOP") },
      { label: "Text START", act: () => text("START") },
    ],
    { align: "end" },
  );
}

function start() {
  return [h("div", { class: "empty", key: "empty" }, h("p", null, "Say hello. The team reads it in Slack."))];
}

function bubbles(messages) {
  const rows = [];
  let before = null;
  for (const message of messages) {
    const epoch = new Date(message.created).getTime() / 1000;
    if (!before || epoch - before > 3_600) rows.push(h("div", { class: "bubble-day", key: `at-${message.sid}` }, `${dayName(epoch)} ${clock(epoch)}`));
    const row = message.direction === "in" || message.received ? bubble(message) : fate(message);
    if (row) rows.push(row);
    before = epoch;
  }
  return rows;
}

function bubble(message) {
  const mine = message.direction === "in";
  return h(
    "div",
    { class: `bubble ${mine ? "is-mine" : "is-theirs"}`, key: message.sid, "data-sid": message.sid },
    message.media.map((one) => media(one)),
    message.body && h("p", null, message.body),
    h("span", { class: "bubble-state" }, isoClock(message.created), mine && ticks(message)),
  );
}

function ticks(message) {
  const taken = page.world.twilio.taken.includes(message.sid);
  return h("span", { class: `ticks${taken ? " is-taken" : ""}`, title: taken ? "Taken by the bridge" : "On its way" }, icon(taken ? "checks" : "check", 14), h("span", { class: "unseen" }, taken ? "delivered" : "sent"));
}

function media(one) {
  const src = `/twilio${one.url}`;
  if (!one.content_type.startsWith("image/")) return h("a", { class: "bubble-file", key: one.sid, href: src, download: "" }, icon("clip", 16), one.content_type);
  return h("button", { type: "button", key: one.sid, class: "picture", "aria-label": "Enlarge picture", onClick: () => set({ lightbox: { src, alt: "Picture in a text" } }) }, h("img", { src, alt: "Picture in a text" }));
}

/** A text that never reached this phone; a real phone would show nothing. */
function fate(message) {
  if (!message.error_code) return null;
  return h("div", { class: "fate", key: message.sid }, icon("warning", 14), h("span", null, `A text did not arrive: ${FATES[message.error_code] ?? "it failed"} (${message.error_code}).`));
}

function writing(phone, line) {
  const key = `phone ${phone.number} ${line.phone_number}`;
  return composer({
    key,
    label: `Text from ${nameOf(phone)}’s phone`,
    placeholder: "Text message",
    attach: (at) => attach(at),
    send: ({ text, files }) => perform("phone.text", { number: phone.number, line: line.phone_number, body: text, files }, { quiet: true }),
  });
}

function attach(key) {
  const panel = () =>
    h(
      "div",
      { class: "samples" },
      h("div", { class: "menu-heading" }, "Send a picture"),
      h("div", { class: "sample-row" }, SAMPLES.map((sample) => h("button", { type: "button", key: sample.name, title: sample.alt, "aria-label": sample.alt, onClick: () => take(key, sample) }, h("img", { src: `/page/samples/${sample.name}`, alt: "" })))),
      h("div", { class: "sample-own" }, filePicker(key, "Choose a file…", "image/*,video/*,audio/*,application/pdf,text/vcard", { wide: true })),
    );
  return popover("phone-attach", { class: "icon-button", "aria-label": "Attach a picture", title: "Attach a picture" }, icon("clip", 18), panel, { up: true });
}

async function take(key, sample) {
  close(true);
  const answer = await fetch(`/page/samples/${sample.name}`);
  const blob = await answer.blob();
  await takeFiles(key, [new File([blob], sample.name, { type: "image/jpeg" })]);
}
