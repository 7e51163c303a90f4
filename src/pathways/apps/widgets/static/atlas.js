// The rule atlas: search, one rule to read, and a copy of its condition to edit. Needs form.js before it.

function render({ model, el }) {
  const form = new Form(model);
  const page = h("div", { className: "cc-page cc-rule", role: "region", "aria-label": "The open rule", tabIndex: 0 });
  page.dataset.renders = "0";
  const changes = h("div", { className: "cc-rule-changes" });
  const line = h("p", { className: "cc-status", role: "status" });
  const error = h("p", { className: "cc-error", role: "alert" });
  const found = h("ul", { className: "cc-found", "aria-label": "Rules found" });
  const more = h("p", { className: "cc-help" });
  const search = typed(form, { type: "text", className: "cc-wide", placeholder: "naloxone, QTc, Recommendation 12, recall" }, () => form.state.query || undefined, (v) => form.edit((s) => { s.query = v ?? ""; }));
  const table = h("select", { onchange: () => form.edit((s) => { s.table = table.value; }) }, h("option", { value: "" }, "all kinds"),
    ...form.spec.tables.map(([id, text]) => h("option", { value: id }, text)));
  form.live(table, () => { table.value = form.state.table; });
  const root = h("div", { className: "cc-app cc-atlas" },
    h("div", { className: "cc-bar" }, field("Search every rule", search, "cc-what"), field("Kind", table)),
    line,
    h("div", { className: "cc-panes" },
      h("section", { className: "cc-form", "aria-label": "Rules found", tabIndex: 0 }, found, more),
      h("section", { className: "cc-live", "aria-label": "The rule, and a copy to edit", tabIndex: 0 }, page, editor(form, error), changes)));
  let listed = "";

  const showView = () => {
    const view = form.view();
    const now = JSON.stringify(view.results);
    if (now !== listed) {
      listed = now;
      found.replaceChildren(...view.results.map((one) => result(form, one)));
    }
    more.textContent = view.results.length === 0 ? "No rule has all of these words." : view.more ? `And ${view.more} more: add a word.` : "";
    if (line.textContent !== view.status) line.textContent = view.status;
    if (error.textContent !== view.error) error.textContent = view.error;
    if (page.dataset.page !== view.page) {
      page.dataset.page = view.page;
      page.innerHTML = view.page; // made and escaped by atlas.py
    }
    if (changes.dataset.page !== view.changes) {
      changes.dataset.page = view.changes;
      changes.innerHTML = view.changes;
    }
    form.refresh();
    page.dataset.renders = String(view.renders);
  };
  return follow(form, el, root, showView);
}

function result(form, [key, title, decides]) {
  const open = () => form.edit((s) => { s.key = key; s.when = null; s.tried = ""; });
  const button = h("button", { type: "button", className: "cc-result", onclick: open }, h("b", {}, title), h("span", { className: "cc-help" }, decides));
  form.live(button, () => {
    if (form.state.key === key) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
  const item = h("li", {}, button);
  item.dataset.key = key;
  return item;
}

// The copy is tried when the button is pressed, not while it is typed: half a condition is no mistake yet.
function editor(form, error) {
  const id = newId();
  const area = h("textarea", { id, rows: 4, className: "cc-wide", spellcheck: false, "aria-describedby": `${id}-help` });
  error.id = `${id}-error`;
  let key = null;
  let was = null;
  form.live(area, () => {
    const now = form.state.when ?? form.view().when;
    if (form.state.key !== key || (now !== was && area !== document.activeElement)) area.value = now;
    key = form.state.key;
    was = now;
    if (form.view().error) area.setAttribute("aria-invalid", "true");
    else area.removeAttribute("aria-invalid");
    area.setAttribute("aria-errormessage", error.id);
  });
  const attempt = () => form.edit((s) => { s.when = area.value; s.tried = area.value || " "; });
  const back = () => { area.value = form.view().when; form.edit((s) => { s.when = null; s.tried = ""; }); };
  return h("div", { className: "cc-editor" },
    h("h3", {}, "Edit a copy"),
    h("label", { htmlFor: id }, "Condition of the copy"), area,
    h("p", { className: "cc-help", id: `${id}-help` }, `Nothing is saved. The copy is held to ${form.spec.cases} sample cases.`),
    h("div", { className: "cc-line" }, h("button", { type: "button", className: "cc-button cc-try", onclick: attempt }, "What would change?"),
      h("button", { type: "button", className: "cc-button", onclick: back }, "Back to the rule")),
    error);
}

export default { render: whenReady(render) };
