// The HTML of messages, as descriptions of elements: only what Matrix allows, and text always as text.

import { h } from "../dom.js";

const KEPT = new Set(["STRONG", "B", "EM", "I", "U", "S", "DEL", "CODE", "PRE", "BLOCKQUOTE", "P", "BR", "UL", "OL", "LI", "HR", "SPAN", "DIV", "H1", "H2", "H3", "H4", "H5", "H6"]);
const LEFT_OUT = new Set(["MX-REPLY", "SCRIPT", "STYLE", "TEMPLATE", "HEAD", "TITLE"]);
const PERMALINK = /^https:\/\/matrix\.to\/#\/([^?]+)/;

/** What a matrix.to address names, `[room or person, event]`, or null when it is none. */
export function named(address) {
  const found = PERMALINK.exec(address ?? "");
  return found ? found[1].split("/").map(decodeURIComponent) : null;
}

/** Descriptions for a message's HTML. `own`: whoever is looking, whose mentions stand out. */
export function html(source, own) {
  const parsed = new DOMParser().parseFromString(source, "text/html");
  return [...parsed.body.childNodes].map((node) => described(node, own));
}

function described(node, own) {
  if (node.nodeType === Node.TEXT_NODE) return node.parentElement.closest("a, code") ? node.data : plain(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE || LEFT_OUT.has(node.tagName)) return null;
  // The name in front stands above the message already.
  if (node.hasAttribute("data-mx-profile-fallback")) return null;
  const children = [...node.childNodes].map((one) => described(one, own));
  if (node.tagName === "A") return link(node.getAttribute("href"), children, own);
  return KEPT.has(node.tagName) ? h(node.tagName.toLowerCase(), null, children) : children;
}

function link(address, children, own) {
  const [who] = named(address) ?? [];
  if (who?.startsWith("@")) return h("span", { class: `mention${who === own ? " mention-own" : ""}`, title: who }, "@", children);
  if (!/^https?:\/\//.test(address ?? "")) return children;
  return h("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, children);
}

const ADDRESS = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/;

/** Plain words with their line breaks, and addresses as links. */
export function plain(text) {
  return text.split(ADDRESS).map((part, at) => (at % 2 ? h("a", { href: part, target: "_blank", rel: "noreferrer noopener" }, part) : part));
}
