// Native controls, made from the rows of spec.py. Everything shown is set as text, never as HTML.

let made = 0;
const newId = () => `cc-${Date.now().toString(36)}-${++made}`;

function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (name in el && !name.includes("-") && name !== "list") el[name] = value;
    else el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return el;
}

// JupyterLab acts on keys pressed in a cell's output (b, d d, arrows) unless the focused element itself carries this mark.
const FOCUSABLE = "input,select,textarea,button,summary,a[href],[tabindex]";
function guard(root) {
  for (const el of root.querySelectorAll(FOCUSABLE)) el.setAttribute("data-lm-suppress-shortcuts", "true");
}
function keepGuarded(root) {
  guard(root);
  const watch = new MutationObserver(() => guard(root));
  watch.observe(root, { childList: true, subtree: true });
  return () => watch.disconnect();
}

// One view of a widget: the state that its controls edit, and what to do when the state or the view changes.
class Form {
  constructor(model) {
    this.model = model;
    this.spec = model.get("spec");
    this.state = model.get("state");
    this.refreshers = [];
    this.root = null;
    this.pending = this.due = null; // the timer of what is typed and not sent yet, and what sends it
    this.watch = null; // set by a widget that watches its engine (watch.js)
    this.typedIn = this.typed = null; // the field that is sent key by key, and the state that it made
    this.goesOn = false;
    this.history = null; // set by a widget that takes steps back (whatif.js)
    if (this.trying()) this.state = model.get("tried");
  }
  // Whether a change is tried beside the case, and the state that the case has meanwhile.
  trying() {
    return Object.keys(this.model.get("tried") ?? {}).length > 0;
  }
  kept() {
    return this.trying() ? this.model.get("state") : this.state;
  }
  view() {
    return this.model.get("view");
  }
  // A control gives itself and its refresher, which runs now and after every change, until the control has left the root.
  // (Not: until it has left the document. JupyterLab takes a cell out of the document while it is scrolled away.)
  live(el, refresh) {
    this.refreshers.push({ el, refresh, placed: false });
    refresh();
  }
  refresh() {
    const here = (one) => this.root?.contains(one.el);
    for (const one of this.refreshers) one.placed ||= here(one);
    this.refreshers = this.refreshers.filter((one) => here(one) || !one.placed);
    for (const one of this.refreshers) one.refresh();
  }
  edit(change) {
    clearTimeout(this.pending);
    this.pending = null;
    const next = structuredClone(this.state);
    change(next);
    if (!this.goesOn) this.history?.add(this.state);
    this.become(next);
  }
  become(state) {
    this.state = state;
    this.send(this.trying() ? { tried: state } : { state });
    this.refresh();
  }
  // Everything that asks the engine goes through here, so that an engine that does not answer is noticed.
  send(values, message = null, doing = "") {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    const edit = this.watch?.sent(doing); // after the values: what is unsaved is told by them
    if (edit !== undefined && !message) this.model.set("edit", edit);
    this.model.save_changes();
    if (message) this.model.send({ ...message, edit });
  }
  ask(message, doing = "") {
    this.send({}, message, doing);
  }
  // While someone types, wait for a pause; leaving the field sends at once.
  soon(send) {
    clearTimeout(this.pending);
    this.due = send;
    this.pending = setTimeout(() => this.flush(), 400);
  }
  // What is typed and not sent yet is sent now, with `leave` as if the field had been left.
  flush(leave = false) {
    const waits = this.pending !== null;
    clearTimeout(this.pending);
    this.pending = null;
    if (waits) this.due();
    const field = leave && this.root?.getRootNode().activeElement;
    if (field && this.root.contains(field) && field.matches("textarea, input[type=text], input[type=number]")) field.dispatchEvent(new Event("change"));
  }
  // What is sent key by key is one step back, however many keys it took, until the field is left.
  atOnce(input, send) {
    const before = this.state;
    this.goesOn = this.typedIn === input && this.typed === before;
    send();
    this.goesOn = false;
    this.typedIn = input;
    this.typed = this.state;
  }
  setRow(key, value) {
    this.edit((s) => put(s.rows, key, value));
  }
}

// Show a widget under el and follow its model until it is taken away; gives what takes it away.
function follow(form, el, root, showView) {
  const { model } = form;
  const stateCame = () => {
    const now = form.trying() ? model.get("tried") : model.get("state");
    if (now === form.state) return;
    form.history?.add(form.state);
    form.state = now;
    form.watch?.keep();
    form.refresh();
  };
  form.root = root;
  el.append(root);
  const unguard = keepGuarded(root);
  model.on("change:view", showView);
  model.on("change:state", stateCame);
  model.on("change:tried", stateCame);
  showView();
  return () => {
    unguard();
    model.off("change:view", showView);
    model.off("change:state", stateCame);
    model.off("change:tried", stateCame);
  };
}

function put(object, key, value) {
  if (value === undefined || value === "" || value === null) delete object[key];
  else object[key] = value;
}
function show(input, value) {
  const text = value === undefined || value === null || Array.isArray(value) ? "" : String(value);
  if (input !== document.activeElement && input.value !== text) input.value = text;
}

// ---- single controls: each takes get() and set(value), and may stand anywhere

let groups = 0;
function segments(form, { labelledby, describedby, choices, get, set, derived = () => undefined, blank = "Not known" }) {
  const name = `cc-choice-${++groups}`;
  const box = h("div", { className: "cc-segments", role: "radiogroup", "aria-labelledby": labelledby, "aria-describedby": describedby });
  const radios = [...choices, [undefined, blank]].map(([value, text]) => {
    const radio = h("input", { type: "radio", name, value: String(value ?? ""), onchange: () => set(value) });
    box.append(h("label", {}, radio, h("span", {}, text)));
    return [value, radio];
  });
  form.live(box, () => {
    const own = get();
    const value = own === undefined ? derived() : own;
    box.classList.toggle("cc-derived", own === undefined && value !== undefined);
    for (const [one, radio] of radios) radio.checked = one === value;
  });
  return box;
}

function typed(form, { atOnce = false, ...props }, get, set) {
  const input = h("input", { autocomplete: "off", ...props });
  const read = () => {
    const text = input.value.trim();
    return text === "" ? undefined : props.type === "number" ? Number(text) : text;
  };
  const send = (how) => {
    if (input.validity?.badInput) return;
    const value = read();
    if (value !== get() && !(value === undefined && Array.isArray(get()))) how(value);
  };
  input.addEventListener("change", () => {
    send(set);
    form.typedIn = null;
  });
  // "0" and "0." are on the way to a number: they wait for a pause, as words do.
  const whole = () => atOnce && input.validity.valid && Number(input.value) > 0;
  input.addEventListener("input", () => whole() ? form.atOnce(input, () => send(set)) : form.soon(() => send(set)));
  form.live(input, () => {
    const value = get();
    if (Array.isArray(value)) input.placeholder = value.join(" to ");
    show(input, value);
  });
  return input;
}

function dropdown(form, { id, choices, get, set, blank, describedby }) {
  const select = h("select", { id, "aria-describedby": describedby, onchange: () => set(select.value || undefined) });
  const several = h("option", { value: "several", hidden: true });
  select.append(h("option", { value: "" }, blank), ...choices.map(([value, text]) => h("option", { value: String(value) }, text)), several);
  form.live(select, () => {
    const value = get();
    if (Array.isArray(value)) several.textContent = value.map((v) => choices.find(([c]) => c === v)?.[1] ?? v).join(" or ");
    show(select, value);
    if (Array.isArray(value)) select.value = "several";
  });
  return select;
}

function field(text, control, className = "") {
  control.id ||= newId();
  return h("span", { className: `cc-field ${className}` }, h("label", { htmlFor: control.id }, text), control);
}

// ---- rows

function row(form, key) {
  const spec = form.spec.rows[key];
  const box = h("div", { className: `cc-row cc-row-${spec.kind}` });
  box.dataset.key = key;
  if (spec.kind === "instrument") box.append(instrument(form, spec));
  else box.append(...rowBody(form, spec).filter(Boolean));
  const problem = h("p", { className: "cc-problem", id: `${newId()}-problem` });
  const note = h("p", { className: "cc-note" });
  box.append(note, problem);
  form.live(box, () => {
    const wrong = form.view().problems?.[key] ?? "";
    problem.textContent = wrong;
    for (const input of box.querySelectorAll("input:not([type=radio]),select")) {
      if (wrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      input.dataset.help ??= input.getAttribute("aria-describedby") ?? "";
      const told = [input.dataset.help, wrong ? problem.id : ""].join(" ").trim();
      if (told) input.setAttribute("aria-describedby", told);
      else input.removeAttribute("aria-describedby");
    }
    note.textContent = [form.history ? wasBefore(form, spec) : "", form.view().derived?.[key]?.why ?? ""].filter(Boolean).join(" ");
  });
  return box;
}

function rowBody(form, spec) {
  const id = newId();
  const get = () => form.state.rows[spec.key];
  const set = (value) => form.setRow(spec.key, value);
  const derived = () => form.view().derived?.[spec.key]?.value;
  const help = spec.help ? h("p", { className: "cc-help", id: `${id}-help` }, spec.help) : null;
  const describedby = help ? help.id : undefined;
  const label = (tag, props) => h(tag, { className: "cc-label", ...props }, spec.label);
  const named = () => label("label", { htmlFor: id });
  if (spec.kind === "yes_no") {
    return [label("span", { id }), segments(form, { labelledby: id, describedby, choices: spec.choices, get, set, derived }), help];
  }
  if (spec.kind === "choice") {
    const blank = spec.blank ?? "Not known";
    return [named(), dropdown(form, { id, describedby, choices: spec.choices, get, set, blank }), help];
  }
  if (spec.kind === "number") {
    const input = typed(form, { type: "number", id, "aria-describedby": describedby, min: spec.lo, max: spec.hi, step: spec.step }, get, set);
    return [named(), h("span", { className: "cc-value" }, input, h("span", { className: "cc-unit" }, spec.unit)), help];
  }
  if (spec.kind === "text") {
    return [named(), typed(form, { type: "text", id, "aria-describedby": describedby, maxLength: 2000, className: "cc-wide" }, get, set), help];
  }
  if (spec.kind === "many") return [label("span", { id }), many(form, spec, id, get, set), help];
  return [...measure(form, spec, id, label), help];
}

function many(form, spec, id, get, set) {
  const box = h("div", { className: "cc-many", role: "group", "aria-labelledby": id });
  const ticks = spec.choices.map(([value, text]) => {
    const tick = h("input", { type: "checkbox", value });
    tick.addEventListener("change", () => {
      const now = [].concat(get() ?? []).filter((v) => v !== value);
      if (tick.checked) now.push(value);
      set(now.length ? now : undefined);
    });
    box.append(h("label", {}, tick, h("span", {}, text)));
    return tick;
  });
  form.live(box, () => {
    const now = [].concat(get() ?? []);
    for (const tick of ticks) {
      tick.checked = now.includes(tick.value);
      tick.disabled = Boolean(spec.most) && now.length >= spec.most && !tick.checked;
    }
  });
  return box;
}

// A dated observation. An event is yes with a date, or asked and none; a value stands with its date.
function measure(form, spec, id, label) {
  const key = spec.key;
  const now = () => {
    const value = form.state.rows[key];
    return value && typeof value === "object" ? value : undefined;
  };
  const change = (name, value) =>
    form.edit((s) => {
      const next = typeof s.rows[key] === "object" ? s.rows[key] : { date: s.as_of };
      put(next, name, value);
      if (spec.of !== "event" && next.value === undefined) delete s.rows[key];
      else s.rows[key] = next;
    });
  const date = dated(form, "on", { part: true }, () => now()?.date, (v) => change("date", v));
  form.live(date, () => {
    date.hidden = now() === undefined;
  });
  if (spec.of === "event") {
    const get = () => (form.state.rows[key] === false ? false : now() ? true : undefined);
    const set = (v) => form.setRow(key, v === true ? { date: form.state.as_of } : v);
    const derived = () => form.view().derived?.[key]?.value;
    return [label("span", { id }), h("span", { className: "cc-value" }, segments(form, { labelledby: id, choices: [[true, "Yes"], [false, "No"]], get, set, derived }), date)];
  }
  const get = () => now()?.value;
  const set = (v) => change("value", v);
  const input =
    spec.of === "choice"
      ? dropdown(form, { id, choices: spec.choices, get, set, blank: "Not known" })
      : typed(form, { type: "number", id, min: spec.lo, max: spec.hi, step: spec.step }, get, set);
  return [label("label", { htmlFor: id }), h("span", { className: "cc-value" }, input, h("span", { className: "cc-unit" }, spec.unit ?? ""), date)];
}

function instrument(form, spec) {
  const key = spec.key;
  const now = () => form.state.rows[key] ?? {};
  const change = (edit) =>
    form.edit((s) => {
      const next = s.rows[key] || { date: s.as_of };
      edit(next);
      if (next.value === undefined && !Object.keys(next.items ?? {}).length) delete s.rows[key];
      else s.rows[key] = next;
    });
  const answered = h("span", { className: "cc-count" });
  const body = h("div", { className: "cc-instrument-body" }, h("p", { className: "cc-help" }, spec.help));
  if (spec.locked_because) body.append(h("p", { className: "cc-help" }, spec.locked_because));
  for (const item of spec.items) {
    const id = newId();
    const get = () => now().items?.[item.id];
    const set = (value) =>
      change((next) => {
        next.items ??= {};
        put(next.items, item.id, value === undefined ? undefined : Number(value));
        delete next.value; // a typed total would contradict the items
      });
    const few = item.choices.length <= 5;
    const line = h("div", { className: "cc-row cc-item" });
    line.dataset.item = item.id;
    if (few) line.append(h("span", { className: "cc-label", id }, item.label), segments(form, { labelledby: id, choices: item.choices, get, set, blank: "–" }));
    else line.append(h("label", { className: "cc-label", htmlFor: id }, item.label), dropdown(form, { id, choices: item.choices, get, set, blank: "–" }));
    body.append(line);
  }
  const total = typed(form, { type: "number", min: spec.lo, max: spec.hi, step: spec.step }, () => now().value, (v) => change((next) => { put(next, "value", v); delete next.items; }));
  const date = dated(form, "on", { part: true }, () => now().date, (v) => change((next) => put(next, "date", v)));
  const title = spec.items.length ? "or its total" : "Total";
  body.append(h("div", { className: "cc-fields" }, field(`${title} (${spec.lo}–${spec.hi})`, total), date), h("p", { className: "cc-help" }, spec.licence));
  const box = h("details", { className: "cc-instrument" }, h("summary", {}, h("span", {}, spec.label), " ", answered), body);
  form.live(box, () => {
    const n = Object.keys(now().items ?? {}).length;
    answered.textContent = now().value !== undefined ? `total ${now().value}` : n ? `${n} of ${spec.items.length} answered` : `${spec.minutes} min`;
  });
  return box;
}
