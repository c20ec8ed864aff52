// Editing an own message in place.

import { h } from "./dom.js";
import { asUser, set, ui } from "./state.js";

export function editor(channel, message) {
  return editing(ui.editing.text, {
    done: () => set({ editing: null }),
    save: (text) => asUser("slack.edit", { channel: channel.id, ts: message.ts, text }),
  });
}

/** A field for another wording: `save(text)` gives `{ok}`, `done()` closes it. */
export function editing(before, { save: give, done }) {
  const save = async (form) => {
    if ((await give(form.querySelector("textarea").value)).ok) done();
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
        node.value = before;
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
