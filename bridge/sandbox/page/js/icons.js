// A small set of line icons, drawn for this page.

import { h } from "./dom.js";

const PATHS = {
  add: "M10 4v12M4 10h12",
  back: "M16 10H5M9 5l-5 5 5 5",
  bolt: "M11 2 4 11h5l-1 7 7-9h-5z",
  check: "m4 10.5 4 4 8-9",
  checks: "m1.5 10.5 4 4 8-9M9 13.5l1.2 1L18.5 6",
  chevron: "m6 8 4 4 4-4",
  clip: "m15.5 9.5-5.8 5.8a3.6 3.6 0 0 1-5.1-5.1l6.2-6.2a2.4 2.4 0 0 1 3.4 3.4l-6 6a1.2 1.2 0 0 1-1.7-1.7l5.3-5.3",
  clock: "M10 5.5V10l3 2M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0",
  close: "m5 5 10 10M15 5 5 15",
  dots: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5M12 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0",
  hash: "M8 3 6.5 17M13.5 3 12 17M3.5 7.5h14M2.5 12.5h14",
  home: "m3 9 7-6 7 6v8h-5v-5H8v5H3z",
  lock: "M6 9V6.5a4 4 0 0 1 8 0V9M4.5 9h11v8h-11z",
  message: "M3 4h14v10H9l-4 3v-3H3z",
  pencil: "m4 16 1-4 8.5-8.5 3 3L8 15zM11.5 5.5l3 3",
  phone: "M6.5 2h7A1.5 1.5 0 0 1 15 3.5v13a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 5 16.5v-13A1.5 1.5 0 0 1 6.5 2M9 15.5h2",
  play: "M6 4v12l10-6z",
  power: "M10 3v6M6 5.5a6 6 0 1 0 8 0",
  refresh: "M16 10a6 6 0 1 1-2-4.5M16 3v3.5h-3.5",
  reply: "M8 5 3 10l5 5M3 10h8a6 6 0 0 1 6 6",
  room: "M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1zM7.5 17v-5h5v5",
  send: "m3 4 14 6-14 6 2.5-6zM5.5 10H11",
  skip: "m4 4 6 6-6 6zM11 4l6 6-6 6z",
  smile: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0M7 12s1 1.8 3 1.8 3-1.8 3-1.8M7.5 8h.01M12.5 8h.01",
  stop: "M5 5h10v10H5z",
  trash: "M4 6h12M8 6V4h4v2M5.5 6l.7 11h7.6l.7-11",
  warning: "m10 3 8 14H2zM10 8v4M10 14.5h.01",
};

/** An icon; purely for the eye, so it has no name of its own. */
export function icon(name, size = 20) {
  return h(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 20 20", width: size, height: size, "aria-hidden": "true" },
    h("path", { d: PATHS[name] }),
  );
}
