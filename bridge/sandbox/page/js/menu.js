// Popovers: one is open at a time; Escape, a click elsewhere or a choice closes it.

import { h } from "./dom.js";
import { set, ui } from "./state.js";

/** A button with a menu under it. An entry is `{label, act, danger, note, checked}`, a heading `{heading}`. */
export function menu(id, props, label, entries, { align = "start", up = false } = {}) {
  const panel = () =>
    h("div", { class: "menu", role: "menu" }, entries.filter(Boolean).map((entry, index) => row(entry, index)));
  return popover(id, props, label, panel, { align, up });
}

/** A button with anything under it; `panel` is called only while it is open. */
export function popover(id, props, label, panel, { align = "start", up = false } = {}) {
  const open = ui.menu === id;
  return h(
    "div",
    { class: `popover-anchor${open ? " is-open" : ""}`, key: id },
    h(
      "button",
      {
        ...props,
        type: "button",
        "aria-haspopup": "true",
        "aria-expanded": String(open),
        "data-popover": id,
        onClick: () => set({ menu: open ? null : id }),
      },
      label,
    ),
    open &&
      h("div", { class: `popover popover-${align}${up ? " popover-up" : ""}`, mounted: (node) => place(node, up) }, panel()),
  );
}

function place(node, up) {
  // Where the room is: a popover that would leave its scroller or the window opens the other way.
  const box = node.getBoundingClientRect();
  const around = node.closest(".messages")?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight, left: 0, right: innerWidth };
  if (!up && box.bottom > Math.min(around.bottom, innerHeight) - 4 && box.top - around.top > box.height) node.classList.add("popover-up");
  if (box.right > innerWidth - 8) node.classList.add("popover-end");
  if (box.left < 8) node.classList.remove("popover-end");
  node.querySelector("button, input")?.focus({ preventScroll: true });
}

function row(entry, index) {
  if (entry.heading) return h("div", { class: "menu-heading", key: index }, entry.heading);
  return h(
    "button",
    {
      type: "button",
      key: index,
      role: entry.checked === undefined ? "menuitem" : "menuitemcheckbox",
      "aria-checked": entry.checked === undefined ? undefined : String(entry.checked),
      class: entry.danger ? "menu-item is-danger" : "menu-item",
      onClick: () => {
        close(true);
        entry.act();
      },
    },
    h("span", null, entry.label),
    entry.note && h("span", { class: "menu-note" }, entry.note),
  );
}

/** Close whatever is open, and give the focus back to what opened it. */
export function close(refocus = false) {
  if (!ui.menu) return;
  const opener = document.querySelector(`[data-popover="${CSS.escape(ui.menu)}"]`);
  set({ menu: null });
  if (refocus) opener?.focus();
}

export function listen() {
  document.addEventListener("pointerdown", (event) => {
    if (ui.menu && !event.target.closest(".popover-anchor.is-open")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && ui.menu) {
      event.stopPropagation();
      close(true);
    } else if (ui.menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      move(event, event.key === "ArrowDown" ? 1 : -1);
    }
  }, true);
}

function move(event, step) {
  const items = [...document.querySelectorAll(".popover .menu-item")];
  if (!items.length) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}
