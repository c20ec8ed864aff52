// Draws descriptions of elements and changes only what differs, so that what somebody types in stays.
// Text always becomes text nodes: nothing a person wrote is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";
const AS_PROPERTY = new Set(["value", "checked", "disabled", "hidden"]);

/** Describe an element. `key` keeps it the same among its siblings; `on…` are listeners; `mounted` gets the element. */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, key: props?.key, children: flat(children) };
}

function flat(children) {
  const found = [];
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === true) continue;
    found.push(typeof child === "object" ? child : { text: String(child) });
  }
  return found;
}

/** Make `container` show exactly `children`. */
export function render(container, ...children) {
  reconcile(container, flat(children), container.namespaceURI === SVG);
}

function reconcile(parent, wanted, svg) {
  const keyed = new Map();
  for (const node of parent.childNodes) if (node.told?.key !== undefined) keyed.set(node.told.key, node);
  const staying = new Set(wanted.map((description) => description.key));
  let place = parent.firstChild;
  for (const description of wanted) {
    // What goes is removed where it stands: moving its neighbours instead would take the focus from them.
    while (place && place.told?.key !== undefined && !staying.has(place.told.key)) place = removed(place);
    let node = description.key !== undefined ? keyed.get(description.key) : place;
    if (!node || !alike(node, description)) {
      node = create(description, svg);
      parent.insertBefore(node, place);
      settle(node, description);
      continue;
    }
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
    update(node, description, svg);
  }
  while (place) place = removed(place);
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function alike(node, description) {
  if (!node.told) return false;
  if ("text" in description) return "text" in node.told;
  return node.told.tag === description.tag && node.told.key === description.key;
}

function create(description, svg) {
  if ("text" in description) {
    const node = document.createTextNode(description.text);
    node.told = description;
    return node;
  }
  const inSvg = svg || description.tag === "svg";
  const node = inSvg ? document.createElementNS(SVG, description.tag) : document.createElement(description.tag);
  node.told = { tag: description.tag, key: description.key, props: {} };
  apply(node, description.props);
  reconcile(node, description.children, inSvg);
  node.told = description;
  return node;
}

function settle(node, description) {
  if ("text" in description) return;
  if (description.props.value !== undefined && node.tagName === "SELECT") node.value = description.props.value;
  if (description.props.autofocus) node.focus();
  description.props.mounted?.(node);
}

function update(node, description, svg) {
  if ("text" in description) {
    if (node.data !== description.text) node.data = description.text;
    node.told = description;
    return;
  }
  apply(node, description.props);
  reconcile(node, description.children, svg || description.tag === "svg");
  node.told = description;
  description.props.updated?.(node);
}

function apply(node, props) {
  const before = node.told.props;
  for (const name of Object.keys(before)) if (!(name in props)) put(node, name, undefined, before[name]);
  for (const [name, value] of Object.entries(props)) {
    if (value !== before[name] || AS_PROPERTY.has(name)) put(node, name, value, before[name]);
  }
}

function put(node, name, value, before) {
  if (name === "key" || name === "mounted" || name === "updated") return;
  if (name.startsWith("on")) {
    const kind = name.slice(2).toLowerCase();
    if (before) node.removeEventListener(kind, before);
    if (value) node.addEventListener(kind, value);
  } else if (name === "style") {
    for (const [property, setting] of Object.entries(value ?? {})) node.style.setProperty(property, setting);
  } else if (AS_PROPERTY.has(name) && node.tagName !== "OPTION") {
    if (value !== undefined && node[name] !== value) node[name] = value;
  } else if (value === undefined || value === null || value === false) {
    node.removeAttribute(name);
  } else {
    node.setAttribute(name, value === true ? "" : value);
  }
}
