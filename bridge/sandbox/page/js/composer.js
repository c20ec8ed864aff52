// Where texts are written: Slack's composers and the phone's share it.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { showEnd } from "./scroller.js";
import { draft, drafts, redraw, toast, ui } from "./state.js";

const LARGEST = 20 * 1024 * 1024;

/**
 * A composer. `key` names its draft; `send({text, files})` gives `{ok, error}`; `extra` are more controls,
 * `attach` draws the control that attaches files, `typing()` hears of every change.
 */
export function composer({ key, label, placeholder, send, extra, attach, disabled, above, typing }) {
  const written = draft(key);
  const submit = () => deliver(key, send);
  return h(
    "form",
    {
      class: "composer",
      key: `composer-${key}`,
      onSubmit: (event) => {
        event.preventDefault();
        submit();
      },
    },
    ui.refused[key] && h("p", { class: "refused", role: "alert", key: "refused" }, ui.refused[key]),
    above && h("div", { class: "composer-above", key: "above" }, above),
    written.files.length > 0 && h("div", { class: "chosen", key: "chosen" }, written.files.map((file) => chosen(key, file))),
    h("textarea", {
      key: "text",
      rows: "1",
      "aria-label": label,
      placeholder,
      disabled: Boolean(disabled),
      mounted: (node) => {
        node.value = written.text;
        grow(node);
      },
      onInput: (event) => {
        draft(key).text = event.target.value;
        typing?.();
        grow(event.target);
        if (ui.refused[key]) {
          delete ui.refused[key];
          redraw();
        }
      },
      onKeyDown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        submit();
      },
      onPaste: (event) => attach && takeFiles(key, event.clipboardData.files),
    }),
    h(
      "div",
      { class: "composer-bar", key: "bar" },
      attach?.(key),
      extra,
      h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)", disabled: Boolean(disabled) }, icon("send", 18)),
    ),
  );
}

function grow(node) {
  node.style.height = "auto";
  node.style.height = `${Math.min(node.scrollHeight, 180)}px`;
}

async function deliver(key, send) {
  const written = draft(key);
  const { text, files } = written;
  if (!text.trim() && !files.length) return;
  drafts.set(key, { text: "", files: [] });
  show(key);
  const result = await send({ text, files: files.map(({ name, content_type, content }) => ({ name, content_type, content })) });
  if (result.ok) {
    delete ui.refused[key];
    showEnd(key);
  } else {
    // What could not be sent comes back, unless something else has been written meanwhile.
    if (!draft(key).text && !draft(key).files.length) drafts.set(key, { text, files });
    ui.refused[key] = result.error;
    show(key);
  }
  redraw();
}

/** Put a composer's draft into its field. */
function show(key) {
  redraw();
  const field = fieldOf(key);
  if (!field) return;
  field.value = draft(key).text;
  grow(field);
}

function fieldOf(key) {
  return [...document.querySelectorAll("form.composer")].find((form) => form.told?.key === `composer-${key}`)?.querySelector("textarea");
}

function chosen(key, file) {
  return h(
    "span",
    { class: "chip", key: file.id },
    file.preview ? h("img", { src: file.preview, alt: "" }) : icon("clip", 14),
    h("span", null, file.name),
    h("button", { type: "button", "aria-label": `Remove ${file.name}`, onClick: () => {
      draft(key).files = draft(key).files.filter((one) => one !== file);
      redraw();
    } }, icon("close", 12)),
  );
}

let count = 0;

/** Add files to a draft. */
export async function takeFiles(key, list) {
  for (const file of list) {
    if (file.size > LARGEST) {
      toast(`${file.name} is larger than 20 MB.`, "error");
      continue;
    }
    const content = await base64(file);
    const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
    draft(key).files.push({ id: ++count, name: file.name, content_type: file.type || "application/octet-stream", content, preview });
  }
  redraw();
}

function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

/** A button that opens the browser's own file chooser. */
export function filePicker(key, label, accept, { wide = false } = {}) {
  return h(
    "label",
    { class: wide ? "icon-button is-wide" : "icon-button", title: label },
    icon("clip", 18),
    h("span", { class: wide ? "" : "unseen" }, label),
    h("input", {
      type: "file",
      class: "unseen",
      multiple: true,
      accept,
      onChange: (event) => {
        const files = [...event.target.files];
        event.target.value = "";
        takeFiles(key, files);
      },
    }),
  );
}
