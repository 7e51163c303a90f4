// What-if: answers are tried beside the case, which keeps what it was until the change is kept. Before and after stand side by
// side, and what moved is marked in words. Undo and redo work inside a trial and outside it. Needs form.js before it.

const MOST_STEPS = 100;

class History {
  constructor(form) {
    this.form = form;
    this.clear();
  }
  clear() {
    this.past = [];
    this.next = [];
    this.outer = null; // the steps before a trial
    this.of = this.form.view().opened;
  }
  // Another case was opened: its steps are its own.
  look() {
    if (this.of !== this.form.view().opened) this.clear();
  }
  add(state) {
    this.past = [...this.past, state].slice(-MOST_STEPS);
    this.next = [];
  }
  step(back) {
    const [from, to] = back ? [this.past, this.next] : [this.next, this.past];
    if (!from.length) return false;
    to.push(this.form.state);
    this.form.become(from.pop());
    return true;
  }
  begin() {
    this.outer = [this.past, this.next];
    this.past = [];
    this.next = [];
  }
  end(before) {
    [this.past, this.next] = this.outer ?? [[], []];
    this.outer = null;
    if (before) this.add(before);
  }
}

function tryChange(form) {
  if (form.trying()) return;
  form.history.begin();
  const copy = structuredClone(form.state);
  form.state = copy;
  form.send({ tried: copy });
  form.refresh();
}
function keepTried(form) {
  const before = form.kept();
  form.history.end(JSON.stringify(before) === JSON.stringify(form.state) ? null : before);
  form.send({ state: form.state, tried: {} });
  form.refresh();
}
function discardTried(form) {
  form.history.end(null);
  form.state = form.kept();
  form.send({ tried: {} });
  form.refresh();
}

// The two buttons of the bar.
function undoRedo(form) {
  const made = [["Undo", true], ["Redo", false]].map(([text, back]) => {
    const button = h("button", { type: "button", className: `cc-button cc-${text.toLowerCase()}`, onclick: () => form.history.step(back) }, text);
    form.live(button, () => {
      // Not "disabled": the focus would be lost with the last step.
      const none = !(back ? form.history.past : form.history.next).length;
      button.setAttribute("aria-disabled", String(none));
    });
    return button;
  });
  return h("span", { className: "cc-undo-redo", role: "group", "aria-label": "Steps" }, ...made);
}

// The switch, and what stands above the first page while a change is tried.
function whatIf(form, page) {
  const on = h("button", { type: "button", className: "cc-button cc-try", onclick: () => (form.trying() ? discardTried(form) : tryChange(form)) }, "Try a change");
  const keep = h("button", { type: "button", className: "cc-button cc-keep", onclick: () => done(keepTried) }, "Keep it");
  const drop = h("button", { type: "button", className: "cc-button cc-drop", onclick: () => done(discardTried) }, "Discard it");
  const says = h("p", { className: "cc-try-says", role: "status" });
  const table = h("div", { className: "cc-moved-table" });
  const behind = h("div", {});
  const more = h("details", { className: "cc-behind" }, h("summary", {}, "Everything that changes with it"), behind);
  const band = h("div", { className: "cc-trial", role: "region", "aria-label": "Before and after", tabIndex: 0 }, table, more);
  const done = (what) => {
    what(form);
    on.focus();
  };
  let drawn = "";
  let changes = "";
  form.live(band, () => {
    const trying = form.trying();
    on.setAttribute("aria-pressed", String(trying));
    for (const part of [keep, drop, band]) part.hidden = !trying;
    form.root?.classList.toggle("cc-trying", trying);
    const view = form.view();
    if (!trying || !view.before) {
      if (says.textContent) says.textContent = "";
      drawn = "";
      return;
    }
    if (drawn === view.renders || page.dataset.renders !== String(view.renders)) return; // drawn already, or not yet
    drawn = view.renders;
    const moved = whatMoved(view.before, page);
    const n = moved.reduce((sum, one) => sum + one.gone.length + one.fresh.length, 0);
    const told = n ? `Trying a change: ${n} line${n === 1 ? "" : "s"} of the first page moved. Nothing of it is in the case yet. Saving, the sheet, printing and copying give the case without it.` : "Trying a change: nothing on the first page moved yet. Change any answer.";
    if (says.textContent !== told) says.textContent = told;
    table.replaceChildren(...(moved.length ? [beforeAfter(moved)] : []));
    if (changes !== view.changes) behind.innerHTML = view.changes; // made and escaped by blocks.py
    changes = view.changes;
    more.hidden = !view.changes;
  });
  const section = h("section", { className: "cc-whatif", "aria-label": "What is tried" }, h("div", { className: "cc-line" }, says, keep, drop), band);
  return { on, section };
}

function beforeAfter(moved) {
  const cell = (lines, word) => {
    const one = (text) => h("li", {}, h("b", {}, `${word}: `), text);
    return h("td", {}, lines.length ? h("ul", {}, ...lines.map(one)) : h("span", { className: "cc-not" }, "–"));
  };
  const rows = moved.map(({ title, gone, fresh }) => h("tr", {}, h("th", { scope: "row" }, title), cell(gone, "gone"), cell(fresh, "new")));
  return h("table", {}, h("caption", {}, "What moved on the first page"),
    h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, "Before"), h("th", { scope: "col" }, "After"))), h("tbody", {}, ...rows));
}

// The lines of a first page, by the heading that they stand under; a line of a list is one, not what is in it.
function linesOf(root) {
  const found = [];
  let title = "The person";
  const within = (el) => [...el.querySelectorAll("p, li, .pw-item")].some((one) => !one.closest("details"));
  const walk = (el) => {
    if (el.matches("style, details, .pw-status, .pw-mark")) return;
    if (el.matches("h2, h3, h4")) {
      if (!el.closest(".pw-head")) title = el.textContent.trim();
      else found.push({ title: "The person", el });
    } else if (el.matches("p, li, .pw-item") && !within(el)) found.push({ title, el });
    else for (const child of el.children) walk(child);
  };
  walk(root);
  return found.map((one) => ({ ...one, text: lineText(one.el) })).filter((one) => one.text);
}
function lineText(el) {
  const copy = el.cloneNode(true);
  for (const part of copy.querySelectorAll("details, style, .cc-moved-word")) part.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

// What is only before and only after, by section; what is new is marked on the page itself, in a word.
function whatMoved(before, page) {
  const old = linesOf(new DOMParser().parseFromString(before, "text/html").body);
  const now = linesOf(page);
  const key = (one) => `${one.title}|${one.text}`;
  const [was, is] = [new Set(old.map(key)), new Set(now.map(key))];
  const sections = new Map();
  const section = (title) => sections.get(title) ?? sections.set(title, { title, gone: [], fresh: [] }).get(title);
  for (const one of old) if (!is.has(key(one))) section(one.title).gone.push(one.text);
  for (const one of now) {
    if (was.has(key(one))) continue;
    section(one.title).fresh.push(one.text);
    if (!one.el.classList.contains("cc-moved")) one.el.prepend(h("span", { className: "cc-moved-word" }, "new"), " ");
    one.el.classList.add("cc-moved");
  }
  return [...sections.values()];
}

// What an answer was before the trial, for the note beside its row.
function wasBefore(form, spec) {
  if (!form.trying()) return "";
  const say = (value) => {
    if (value === undefined || value === null) return "not known";
    if (value === true || value === false) return value ? "yes" : "no";
    if (typeof value === "object" && !Array.isArray(value)) return String(value.value ?? value.date ?? "answered");
    return [].concat(value).map((one) => spec.choices?.find(([c]) => c === one)?.[1] ?? one).join(", ");
  };
  const [was, is] = [form.kept().rows[spec.key], form.state.rows[spec.key]];
  return JSON.stringify(was) === JSON.stringify(is) ? "" : `Tried. Before: ${say(was)}.`;
}
