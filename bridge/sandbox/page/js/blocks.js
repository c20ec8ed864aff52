// Block Kit as described elements. `host` says what a click does: a message's act or a view's.

import { h } from "./dom.js";
import { element } from "./elements.js";
import { mrkdwn, plainText } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { set } from "./state.js";

/** All blocks of a message or a view. */
export function blocks(list, host) {
  return h("div", { class: "blocks" }, list.map((block, index) => draw(block, host, index)));
}

function draw(block, host, index) {
  const shown = SHAPES[block.type]?.(block, host);
  if (!shown) return null;
  return h("div", { class: `block block-${block.type}`, key: `${block.block_id ?? index}-${block.type}` }, shown);
}

const SHAPES = {
  header: (block) => h("h4", null, plainText(block.text)),
  divider: () => h("hr"),
  section,
  context: (block) =>
    block.elements.map((one) =>
      one.type === "image" ? picture(one, "context-image") : h("span", null, plainText(one)),
    ),
  actions: (block, host) => block.elements.map((one) => element(one, block, host)),
  rich_text: (block) => richText(block),
  image: (block) => [
    block.title && h("div", { class: "image-title" }, plainText(block.title)),
    picture(block, "block-picture"),
  ],
  markdown: (block) => h("p", null, mrkdwn(block.text)),
  input,
};

function section(block, host) {
  return [
    h(
      "div",
      { class: "section-body" },
      block.text && h("p", null, plainText(block.text)),
      block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", null, plainText(field)))),
    ),
    block.accessory &&
      (block.accessory.type === "image"
        ? picture(block.accessory, "accessory-picture")
        : element(block.accessory, block, host)),
  ];
}

function input(block, host) {
  const id = `in-${block.block_id}`;
  const problem = host.errors?.[block.block_id];
  return [
    h("label", { for: id }, plainText(block.label), block.optional && h("span", { class: "quiet" }, " (optional)")),
    element(block.element, block, host, id),
    problem ? h("p", { class: "field-error", role: "alert" }, problem) : block.hint && h("p", { class: "quiet" }, plainText(block.hint)),
  ];
}

/** A picture of this sandbox; one from elsewhere is named, not fetched. */
export function picture(object, kind) {
  const src = own(object.image_url ?? object.slack_file?.url);
  const alt = object.alt_text ?? "";
  if (!src) return h("span", { class: "missing-picture" }, `Picture: ${alt || "no description"}`);
  return h(
    "button",
    { type: "button", class: `picture ${kind}`, "aria-label": `Enlarge picture: ${alt}`, onClick: () => set({ lightbox: { src, alt } }) },
    h("img", { src, alt, loading: "lazy" }),
  );
}

/** The address of one of our own files on this page's own host; null for anybody else's. */
export function own(address) {
  const file = /\/files-pri\/[A-Z0-9]+-(F[A-Z0-9]+)\//.exec(address ?? "");
  return file ? `/sandbox/files/${file[1]}` : null;
}
