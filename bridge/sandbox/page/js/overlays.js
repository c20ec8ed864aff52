// What lies over the page: the app's modals, Slack's confirmations, enlarged pictures, short notices.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { plainText } from "./mrkdwn.js";
import { asUser, busy, page, redraw, set, ui } from "./state.js";

const entered = new Map(); // values by view, block and action
const suggested = new Map(); // options by view and action
const REQUIRED = "Please complete this required field.";

export function overlays() {
  const modal = page.world.slack?.modals.at(-1);
  return [
    modal && dialog(`modal-${modal.id}`, "modal", () => asUser("view.close"), form(modal)),
    ui.confirm && dialog("confirm", "confirm", () => set({ confirm: null }), question(ui.confirm)),
    ui.lightbox && dialog("lightbox", "lightbox", () => set({ lightbox: null }), enlarged(ui.lightbox)),
    h("div", { class: "toasts", key: "toasts", role: "status", "aria-live": "polite" }, ui.toasts.map(notice)),
  ];
}

/** A real dialog element: the browser keeps the focus in it and closes it on Escape. */
function dialog(key, kind, close, content) {
  return h(
    "dialog",
    {
      key,
      class: `dialog ${kind}`,
      // a dialog that is there from the first drawing on is not in the document yet
      mounted: (node) => queueMicrotask(() => node.isConnected && node.showModal()),
      onCancel: (event) => {
        event.preventDefault();
        close();
      },
      onClick: (event) => event.target === event.currentTarget && close(),
    },
    content,
  );
}

function notice({ id, text, level }) {
  return h(
    "div",
    { class: `toast toast-${level}`, key: id },
    icon(level === "error" ? "warning" : "check", 16),
    h("span", null, text),
    h("button", { type: "button", "aria-label": "Dismiss", onClick: () => set({ toasts: ui.toasts.filter((one) => one.id !== id) }) }, icon("close", 14)),
  );
}

function question({ title, text, confirm, deny, danger, done }) {
  return h(
    "form",
    {
      method: "dialog",
      onSubmit: (event) => {
        event.preventDefault();
        set({ confirm: null });
        done();
      },
    },
    h("h3", null, plainText(title)),
    h("p", null, plainText(text)),
    h(
      "div",
      { class: "dialog-bar" },
      h("button", { type: "button", class: "btn", onClick: () => set({ confirm: null }) }, plainText(deny)),
      h("button", { type: "submit", class: `btn ${danger ? "btn-danger" : "btn-primary"}`, autofocus: true }, plainText(confirm)),
    ),
  );
}

function enlarged({ src, alt }) {
  return h(
    "figure",
    null,
    h("img", { src, alt }),
    h("figcaption", null, alt, h("button", { type: "button", class: "btn btn-small", onClick: () => set({ lightbox: null }) }, "Close")),
  );
}

function form(view) {
  const values = valuesOf(view.id);
  const submit = async () => {
    const missing = unanswered(view, values);
    set({ errors: Object.fromEntries(missing.map((block) => [block.block_id, REQUIRED])) });
    if (missing.length) return;
    const result = await busy(view.id, () => asUser("view.submit", { values: wholeValues(view, values) }));
    set({ errors: result?.payload?.errors ?? {} });
    if (result?.ok && !result.payload?.response_action) entered.delete(view.id);
  };
  return h(
    "form",
    {
      key: view.hash,
      novalidate: true,
      mounted: (node) => requestAnimationFrame(() => focusFirst(node)),
      onSubmit: (event) => {
        event.preventDefault();
        submit();
      },
    },
    h(
      "header",
      null,
      h("h3", null, plainText(view.title)),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", onClick: () => asUser("view.close") }, icon("close", 18)),
    ),
    h("div", { class: "modal-body" }, blocks(view.blocks, host(view, values))),
    h(
      "div",
      { class: "dialog-bar" },
      h("button", { type: "button", class: "btn", onClick: () => asUser("view.close") }, view.close ? plainText(view.close) : "Close"),
      view.submit && h("button", { type: "submit", class: "btn btn-primary", disabled: ui.busy.has(view.id) }, plainText(view.submit)),
    ),
  );
}

/** Where typing begins: the first question, else the button that sends. */
function focusFirst(node) {
  (node.querySelector(".modal-body :is(input, select, textarea)") ?? node.querySelector("[type=submit]"))?.focus();
}

/** The questions that Slack itself wants answered before the app hears of it. */
function unanswered(view, values) {
  const inputs = view.blocks.filter((block) => block.type === "input" && !block.optional);
  return inputs.filter(({ block_id, element }) => {
    const given = values[block_id]?.[element.action_id];
    if (given === undefined) return !Object.keys(element).some((key) => key.startsWith("initial_"));
    return given === null || given === "" || (Array.isArray(given) && !given.length);
  });
}

function valuesOf(view) {
  if (!entered.has(view)) entered.set(view, {});
  return entered.get(view);
}

/** What was typed, as the pretend Slack wants it: by block and action. */
function wholeValues(view, values) {
  const known = new Set(view.blocks.map((block) => block.block_id));
  const given = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  return Object.fromEntries(Object.entries(values).filter(([block]) => known.has(block)).map(([block, fields]) => [block, given(fields)]));
}

function host(view, values) {
  const busyKey = (element) => `${view.id} ${element.action_id} ${element.value ?? ""}`;
  return {
    id: view.id,
    errors: ui.errors,
    busyKey,
    value: (block, element) => values[block.block_id]?.[element.action_id],
    enter: (block, element, value) => {
      (values[block.block_id] ??= {})[element.action_id] = value;
      if (block.type === "input" && !block.dispatch_action) {
        if (element.type !== "plain_text_input") redraw();
        return true;
      }
      return block.type === "input" && element.type === "plain_text_input";
    },
    press: (element, value) => busy(busyKey(element), () => asUser("view.press", { action_id: element.action_id, value: value ?? null })),
    suggest: async (element, typed) => {
      if (typed.length < (element.min_query_length ?? 3)) return;
      const key = `${view.id} ${element.action_id}`;
      const asked = { typed };
      suggested.set(key, { ...suggested.get(key), asked });
      const result = await asUser("view.suggest", { action_id: element.action_id, typed }, { quiet: true });
      if (suggested.get(key)?.asked !== asked) return; // something else has been typed meanwhile
      suggested.set(key, { asked, options: result.options ?? [] });
      redraw();
    },
    suggestions: (element) => suggested.get(`${view.id} ${element.action_id}`)?.options,
  };
}
