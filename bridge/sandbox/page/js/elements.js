// Interactive elements of Block Kit: buttons, menus, inputs.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { plainText } from "./mrkdwn.js";
import { openPermalink } from "./places.js";
import { page, ui, set } from "./state.js";

/** One element; `host.press(element, value, block)` acts, `host.enter(block, element, value)` fills in a form. */
export function element(one, block, host, id) {
  const shape = SHAPES[one.type];
  if (!shape) return h("span", { class: "quiet" }, `(${one.type})`);
  return shape(one, block, host, id);
}

const SHAPES = {
  button,
  overflow,
  static_select: select,
  external_select: externalSelect,
  users_select: (one, block, host, id) => choose(one, block, host, id, people()),
  channels_select: (one, block, host, id) => choose(one, block, host, id, channels()),
  conversations_select: (one, block, host, id) => choose(one, block, host, id, channels()),
  multi_static_select: many,
  multi_users_select: (one, block, host, id) => several(one, block, host, id, people(), (values) => values),
  checkboxes: many,
  radio_buttons: radios,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  datepicker: (one, block, host, id) => dated(one, block, host, id, "date", one.initial_date),
  timepicker: (one, block, host, id) => dated(one, block, host, id, "time", one.initial_time),
  datetimepicker: moment,
};

function confirmed(one, host, act) {
  if (!one.confirm) return act();
  const { title, text, confirm, deny, style } = one.confirm;
  return set({ confirm: { title, text, confirm, deny, danger: style === "danger", done: act } });
}

function button(one, block, host) {
  const key = host.busyKey(one, block);
  const press = () => confirmed(one, host, () => follow(one, host.press(one, undefined, block)));
  return h(
    "button",
    {
      type: "button",
      key: `${one.action_id}-${one.value ?? ""}`,
      class: `btn btn-${one.style ?? "default"}`,
      disabled: ui.busy.has(key),
      "aria-busy": ui.busy.has(key) ? "true" : undefined,
      onClick: press,
    },
    plainText(one.text),
  );
}

/** A button with an address opens it, and tells the app all the same. */
function follow(one, pressed) {
  if (one.url && !openPermalink(one.url) && /^https?:/i.test(one.url)) open(one.url, "_blank", "noopener");
  return pressed;
}

function overflow(one, block, host) {
  const id = `overflow-${host.id}-${one.action_id}`;
  const entries = one.options.map((option) => ({
    label: plainText(option.text),
    act: () => confirmed(one, host, () => host.press(one, option.value, block)),
  }));
  return menu(id, { class: "btn btn-square", "aria-label": "More choices" }, icon("dots", 16), entries);
}

const optionsOf = (one) => (one.option_groups ? one.option_groups.flatMap((group) => group.options) : (one.options ?? []));
const pairs = (options) => options.map((option) => [option.value, plainText(option.text)]);
const people = () => Object.values(page.world.slack.users).filter((user) => !user.is_bot).map((user) => [user.id, user.real_name]);
const channels = () => page.world.slack.channels.filter((one) => !one.is_im).map((one) => [one.id, `#${one.name}`]);

function select(one, block, host, id) {
  return choose(one, block, host, id, pairs(optionsOf(one)));
}

/** In a message a choice acts at once and the menu shows its placeholder again; in a form it stays. */
function choose(one, block, host, id, options) {
  const initial = one.initial_option?.value ?? one.initial_user ?? one.initial_channel ?? one.initial_conversation ?? "";
  const value = host.value?.(block, one) ?? initial;
  return h(
    "select",
    {
      id,
      class: "select",
      key: one.action_id,
      value,
      "aria-label": id ? undefined : (one.placeholder?.text ?? "Choose"),
      onChange: (event) => {
        const chosen = event.target.value;
        if (!chosen) return;
        if (host.enter?.(block, one, chosen)) return;
        event.target.value = value;
        confirmed(one, host, () => host.press(one, chosen, block));
      },
    },
    h("option", { value: "", key: "-" }, one.placeholder?.text ?? "Choose"),
    options.map(([key, label]) => h("option", { value: key, key, selected: key === value }, label)),
  );
}

/** Searched by typing; what was chosen stands in the field's place until it is taken out again. */
function externalSelect(one, block, host, id) {
  const chosen = host.value?.(block, one) ?? one.initial_option;
  return h("div", { class: "suggest", key: one.action_id }, chosen ? taken(one, block, host, id, chosen) : search(one, block, host, id));
}

function taken(one, block, host, id, chosen) {
  const clear = () => {
    host.enter?.(block, one, null);
    host.suggest?.(one, "");
  };
  return h(
    "div",
    { class: "field is-chosen", key: "chosen" },
    h("span", { id }, plainText(chosen.text)),
    h("button", { type: "button", class: "icon-button", "aria-label": "Choose something else", onClick: clear }, icon("close", 14)),
  );
}

function search(one, block, host, id) {
  const found = host.suggestions?.(one);
  const choose = (option) => host.enter?.(block, one, option) || host.press(one, option, block);
  return [
    h("input", {
      id,
      key: "typed",
      type: "search",
      class: "field",
      autocomplete: "off",
      placeholder: one.placeholder?.text ?? "Type to search",
      onFocus: (event) => host.suggest?.(one, event.target.value),
      onInput: (event) => host.suggest?.(one, event.target.value),
    }),
    found &&
      h(
        "div",
        { class: "suggestions", key: "found", role: "group", "aria-label": "Choices" },
        found.length ? found.map((option) => h("button", { type: "button", class: "suggestion", key: option.value, onClick: () => choose(option) }, plainText(option.text))) : h("p", { class: "quiet" }, "No results"),
      ),
  ];
}

function many(one, block, host, id) {
  return several(one, block, host, id, pairs(optionsOf(one)), (values) => values);
}

function several(one, block, host, id, options, shape) {
  const initial = (one.initial_options ?? []).map((option) => option.value).concat(one.initial_users ?? []);
  const chosen = new Set(host.value?.(block, one) ?? initial);
  return h(
    "fieldset",
    { class: "choices", id, key: one.action_id },
    options.map(([key, label]) =>
      h("label", { key }, h("input", { type: "checkbox", checked: chosen.has(key), onChange: () => {
        chosen.has(key) ? chosen.delete(key) : chosen.add(key);
        host.enter?.(block, one, shape([...chosen]));
      } }), label),
    ),
  );
}

function radios(one, block, host, id) {
  const value = host.value?.(block, one) ?? one.initial_option?.value;
  return h(
    "fieldset",
    { class: "choices", id, key: one.action_id },
    pairs(optionsOf(one)).map(([key, label]) =>
      h("label", { key }, h("input", { type: "radio", name: one.action_id, checked: key === value, onChange: () =>
        host.enter?.(block, one, key) || host.press(one, key, block) }), label),
    ),
  );
}

const KINDS = { email_text_input: "email", url_text_input: "url", number_input: "number" };

function textInput(one, block, host, id) {
  const start = host.value?.(block, one) ?? one.initial_value ?? "";
  return h(one.multiline ? "textarea" : "input", {
    id,
    key: one.action_id,
    class: "field",
    type: one.multiline ? undefined : (KINDS[one.type] ?? "text"),
    rows: one.multiline ? "4" : undefined,
    maxlength: one.max_length,
    placeholder: one.placeholder?.text,
    mounted: (node) => {
      node.value = start;
    },
    onInput: (event) => host.enter?.(block, one, event.target.value),
  });
}

function dated(one, block, host, id, kind, initial) {
  return h("input", {
    id,
    key: one.action_id,
    class: "field",
    type: kind,
    mounted: (node) => {
      node.value = host.value?.(block, one) ?? initial ?? "";
    },
    onChange: (event) => host.enter?.(block, one, event.target.value) || host.press(one, event.target.value, block),
  });
}

/** A date and a time in one; the app gets seconds since 1970. */
function moment(one, block, host, id) {
  const local = (epoch) => (epoch ? new Date((epoch - new Date(epoch * 1000).getTimezoneOffset() * 60) * 1000).toISOString().slice(0, 16) : "");
  const tell = (value) => {
    const epoch = Math.floor(new Date(value).getTime() / 1000);
    if (epoch) host.enter?.(block, one, epoch) || host.press(one, String(epoch), block);
  };
  return h("input", {
    id,
    key: one.action_id,
    class: "field",
    type: "datetime-local",
    mounted: (node) => {
      node.value = local(host.value?.(block, one) ?? one.initial_date_time);
    },
    onChange: (event) => tell(event.target.value),
  });
}
