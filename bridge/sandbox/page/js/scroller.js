// A list that stays at its end while new things arrive, unless somebody has scrolled up.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { now } from "./format.js";
import { ui } from "./state.js";

const NEAR = 60; // pixels from the end that still count as the end

/** `key` is also what has been seen once it is shown. */
export function scroller(key, rows) {
  if (!document.hidden) ui.seen[key] = String(Math.floor(now()) + 1);
  return h(
    "div",
    { class: "scroll-box", key },
    h(
      "div",
      {
        class: "messages",
        tabindex: "0",
        role: "log",
        "aria-label": "Messages",
        onScroll: (event) => {
          const node = event.currentTarget;
          node.stays = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR;
          node.parentElement.classList.toggle("is-away", !node.stays);
        },
        mounted: (node) => {
          const stay = () => {
            if (node.stays !== false) node.scrollTop = node.scrollHeight;
          };
          const watch = new ResizeObserver(stay);
          watch.observe(node.firstElementChild);
          watch.observe(node);
          stay();
        },
      },
      h("div", { class: "messages-inner" }, rows),
    ),
    h("button", { type: "button", class: "jump", onClick: (event) => toEnd(event.currentTarget.parentElement) }, icon("chevron", 14), "Newest"),
  );
}

function toEnd(box) {
  const list = box.firstElementChild;
  list.stays = true;
  list.scrollTop = list.scrollHeight;
}

/** Go to the end of a list, as after writing something oneself. */
export function showEnd(key) {
  const box = [...document.querySelectorAll(".scroll-box")].find((one) => one.told?.key === key);
  if (box) toEnd(box);
}
