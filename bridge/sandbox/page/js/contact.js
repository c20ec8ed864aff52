// The form that adds a contact with a phone.

import { h } from "./dom.js";
import { phoneNumber } from "./format.js";
import { icon } from "./icons.js";
import { perform, set } from "./state.js";

// Numbers 555-0100 to 555-0199 belong to nobody.
const SUGGESTED = [
  ["Maria Silva", "+12125550142"],
  ["Tom Becker", "+13105550177"],
  ["Aisha Khan", "+14155550119"],
  ["Lucas Martin", "+16175550163"],
  ["Grace Lee", "+17185550128"],
];

export function addForm(all) {
  const taken = new Set(all.map((one) => one.number));
  const [name, number] = SUGGESTED.find(([, one]) => !taken.has(one)) ?? ["", invented(taken)];
  return h(
    "form",
    {
      class: "add-contact",
      key: `add-${number}`,
      onSubmit: async (event) => {
        event.preventDefault();
        const fields = new FormData(event.target);
        const given = `+${String(fields.get("number")).replace(/\D/g, "")}`;
        const result = await perform("phone.add", { number: given, name: String(fields.get("name")).trim() });
        if (result.ok) set({ adding: false, phone: given });
      },
    },
    h("span", { class: "add-mark" }, icon("phone", 28)),
    h("h2", null, all.length ? "Another contact" : "Add a contact"),
    h("p", null, "Somebody with a phone who texts your team. Number and name are made up; the name is for your eyes only."),
    h("label", null, h("span", null, "Name"), h("input", { class: "field", name: "name", maxlength: "80", autocomplete: "off", mounted: (node) => (node.value = name) })),
    h("label", null, h("span", null, "Number"), h("input", { class: "field", name: "number", type: "tel", required: true, autocomplete: "off", mounted: (node) => (node.value = phoneNumber(number)) })),
    h("button", { type: "submit", class: "btn btn-primary btn-wide" }, "Add contact"),
    all.length > 0 && h("button", { type: "button", class: "btn btn-wide", onClick: () => set({ adding: false }) }, "Cancel"),
  );
}

function invented(taken) {
  for (let last = 100; last < 200; last++) {
    const number = `+120655501${String(last).slice(1)}`;
    if (!taken.has(number)) return number;
  }
  return "";
}
