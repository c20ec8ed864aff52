// The app's home tab.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { asUser, busy, page } from "./state.js";

export function homePane() {
  const { home } = page.world.slack;
  return h(
    "div",
    { class: "pane channel-pane", key: "home" },
    h("header", { class: "pane-head" }, h("h2", null, icon("home", 18), page.world.app.name), h("span", { class: "quiet" }, "Home")),
    h(
      "div",
      { class: "messages" },
      home?.blocks?.length
        ? h("div", { class: "home-view" }, blocks(home.blocks, host(home)))
        : h("div", { class: "empty" }, icon("home", 32), h("h3", null, "The app shows nothing here"), h("p", null, "What it puts on its home tab for this teammate appears here.")),
    ),
  );
}

function host(home) {
  const busyKey = (element) => `${home.id} ${element.action_id} ${element.value ?? ""}`;
  return {
    id: home.id,
    busyKey,
    press: (element, value) => busy(busyKey(element), () => asUser("view.press", { action_id: element.action_id, value: value ?? null })),
  };
}
