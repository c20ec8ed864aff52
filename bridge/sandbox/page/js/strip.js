// The bottom: what the bridge stored and sent, and what to try.

import { h } from "./dom.js";
import { clockWithSeconds } from "./format.js";
import { icon } from "./icons.js";
import { page, set, ui } from "./state.js";

const SHOWN = 14;

export function strip() {
  return h("footer", { class: `strip${ui.strip ? "" : " is-folded"}` }, record(), guide());
}

function record() {
  const rows = page.world.strip.slice(0, SHOWN);
  const { violations, trouble } = page.world;
  return h(
    "section",
    { class: "record", "aria-label": "What the bridge stored and sent" },
    h(
      "header",
      null,
      h("h2", null, "What the bridge stored and sent"),
      trouble.waiting.map((words, index) => h("span", { class: "pill is-warning", key: `w${index}` }, `Waiting: ${words}`)),
      trouble.twice && h("span", { class: "pill is-warning", key: "twice" }, "Everything comes twice"),
      violations.length > 0 && h("span", { class: "pill is-error", key: "violations", title: violations.join("\n") }, `${violations.length} refused by the vendors’ rules`),
      fold(),
    ),
    ui.strip &&
      h(
        "div",
        { class: "rows", tabindex: "0", role: "log", "aria-label": "Newest first" },
        rows.length ? rows.map((row) => line(row)) : h("p", { class: "quiet rows-empty" }, "Nothing yet. Every text and every reply is stored here before it is acknowledged."),
      ),
  );
}

function line({ at, what, detail, level }) {
  return h(
    "div",
    { class: `row is-${level}` },
    h("time", null, clockWithSeconds(at)),
    h("strong", null, what),
    h("span", { title: detail }, detail),
  );
}

function fold() {
  return h(
    "button",
    { type: "button", key: "fold", class: "icon-button fold", "aria-label": ui.strip ? "Fold" : "Unfold", "aria-expanded": String(ui.strip), onClick: () => set({ strip: !ui.strip }) },
    icon("chevron", 18),
  );
}

function guide() {
  const { guide: steps } = page.world;
  const done = steps.filter((step) => step.done).length;
  const next = steps.find((step) => !step.done);
  return h(
    "section",
    { class: "guide", "aria-label": "What to try" },
    h("header", null, h("h2", null, "What to try"), h("span", { class: "quiet" }, `${done} of ${steps.length}`)),
    ui.strip &&
      h(
        "ol",
        { updated: (node) => showNext(node, next?.id), mounted: (node) => showNext(node, next?.id) },
        steps.map((step) =>
          h(
            "li",
            { key: step.id, class: step.done ? "is-done" : step === next ? "is-next" : "", "data-step": step.id },
            h("span", { class: "step-mark" }, step.done && icon("check", 12)),
            h("div", null, h("strong", null, step.title, step.done && h("span", { class: "unseen" }, " (done)")), h("span", null, step.how)),
          ),
        ),
      ),
  );
}

/** Scroll to the next step once, when it becomes the next. */
function showNext(list, step) {
  if (list.next === step) return;
  list.next = step;
  list.querySelector(".is-next")?.scrollIntoView({ block: "nearest" });
}
