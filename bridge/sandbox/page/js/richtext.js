// rich_text blocks as described elements, and back to what one would type.

import { h } from "./dom.js";
import { channelName, emoji, groupName, link, userName } from "./mrkdwn.js";
import { slackDate } from "./format.js";
import { page } from "./state.js";

const STYLE_TAGS = { code: "code", strike: "s", italic: "em", bold: "strong", underline: "u" };
const STYLE_MARKS = { code: "`", strike: "~", italic: "_", bold: "*" };

export function richText(block) {
  return h("div", { class: "rich" }, merged(block.elements).map(part));
}

/** Lists that follow each other and differ in depth only are drawn as they stand, each with its indent. */
function merged(elements) {
  return elements.filter((element) => element.elements?.length);
}

function part(element) {
  const inner = element.elements;
  switch (element.type) {
    case "rich_text_list":
      return list(element);
    case "rich_text_quote":
      return h("blockquote", null, inner.map(inline));
    case "rich_text_preformatted":
      return h("pre", null, inner.map(inline));
    default:
      return h("p", null, inner.map(inline));
  }
}

function list(element) {
  const ordered = element.style === "ordered";
  const props = { class: `depth-${Math.min(element.indent ?? 0, 4)}` };
  if (ordered && element.offset) props.start = element.offset + 1;
  return h(ordered ? "ol" : "ul", props, element.elements.map((item) => h("li", null, item.elements.map(inline))));
}

function inline(piece) {
  let shown = bare(piece);
  for (const [name, tag] of Object.entries(STYLE_TAGS)) if (piece.style?.[name]) shown = h(tag, null, shown);
  return shown;
}

function bare(piece) {
  switch (piece.type) {
    case "text":
      return piece.text;
    case "link":
      return link(piece.url, piece.text);
    case "emoji":
      return emoji(piece.name, piece.skin_tone) ?? `:${piece.name}:`;
    case "user":
      return userName(piece.user_id);
    case "usergroup":
      return groupName(piece.usergroup_id);
    case "channel":
      return channelName(piece.channel_id);
    case "broadcast":
      return h("span", { class: "mention" }, `@${piece.range}`);
    case "date":
      return h("time", null, slackDate(piece.timestamp, piece.format, piece.fallback ?? ""));
    default:
      return piece.fallback ?? "";
  }
}

/** What somebody would type in the composer to get these blocks. */
export function typed(blocks) {
  const parts = blocks.filter((block) => block.type === "rich_text").flatMap((block) => block.elements);
  return parts.map(typedPart).join("\n");
}

function typedPart(element) {
  const inner = () => element.elements.map(typedInline).join("");
  if (element.type === "rich_text_list") {
    return element.elements
      .map((item, index) => {
        const mark = element.style === "ordered" ? `${(element.offset ?? 0) + index + 1}.` : "-";
        return `${"  ".repeat(element.indent ?? 0)}${mark} ${item.elements.map(typedInline).join("")}`;
      })
      .join("\n");
  }
  if (element.type === "rich_text_quote") return inner().split("\n").map((line) => `> ${line}`).join("\n");
  return element.type === "rich_text_preformatted" ? `\`\`\`\n${inner()}\n\`\`\`` : inner();
}

function typedInline(piece) {
  let text = typedBare(piece);
  for (const [name, mark] of Object.entries(STYLE_MARKS)) if (piece.style?.[name] && text.trim()) text = mark + text + mark;
  return text;
}

function typedBare(piece) {
  const { slack } = page.world;
  switch (piece.type) {
    case "link":
      return piece.text || piece.url;
    case "emoji":
      return `:${piece.name}:`;
    case "user":
      return `@${slack.users[piece.user_id]?.real_name ?? piece.user_id}`;
    case "usergroup":
      return `@${slack.usergroups[piece.usergroup_id]?.handle ?? piece.usergroup_id}`;
    case "channel":
      return `#${slack.channels.find((one) => one.id === piece.channel_id)?.name ?? piece.channel_id}`;
    case "broadcast":
      return `@${piece.range}`;
    default:
      return piece.text ?? piece.fallback ?? "";
  }
}
