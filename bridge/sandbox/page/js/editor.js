// Editing an own message in place.

import { h } from "./dom.js";
import { asUser, set, ui } from "./state.js";

export function editor(channel, message) {
  const done = () => set({ editing: null });
  const save = async (form) => {
    const text = form.querySelector("textarea").value;
    const result = await asUser("slack.edit", { channel: channel.id, ts: message.ts, text });
    if (result.ok) done();
  };
  return h(
    "form",
    {
      class: "editor",
      key: "editor",
      onSubmit: (event) => {
        event.preventDefault();
        save(event.target);
      },
    },
    h("textarea", {
      rows: "2",
      "aria-label": "Edit message",
      mounted: (node) => {
        node.value = ui.editing.text;
        node.focus();
        node.setSelectionRange(node.value.length, node.value.length);
      },
      onKeyDown: (event) => {
        if (event.key === "Escape") done();
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        save(event.target.form);
      },
    }),
    h(
      "div",
      { class: "editor-bar" },
      h("button", { type: "button", class: "btn btn-small", onClick: done }, "Cancel"),
      h("button", { type: "submit", class: "btn btn-small btn-primary" }, "Save"),
    ),
  );
}
