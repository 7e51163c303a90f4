// Plans side by side, and what would change them. Needs form.js before it.

function render({ model, el }) {
  const form = new Form(model);
  const page = h("div", { className: "cc-page cc-scroll", role: "region", "aria-label": "Plans side by side", tabIndex: 0 });
  page.dataset.renders = "0";
  const line = h("p", { className: "cc-status", role: "status" });
  const changes = h("div", { className: "cc-scroll" });
  const toggles = h("fieldset", { className: "cc-question" }, h("legend", {}, "What if?"),
    h("p", { className: "cc-help" }, "For talking it through: nothing here changes the case."));
  for (const toggle of form.spec.toggles) {
    const id = newId();
    const get = () => form.state.rows[toggle.key];
    const box = h("div", { className: "cc-row" }, h("span", { className: "cc-label", id }, toggle.label),
      segments(form, { labelledby: id, choices: toggle.choices, get, set: (value) => form.setRow(toggle.key, value), blank: "As it is" }));
    box.dataset.key = toggle.key;
    toggles.append(box);
  }
  toggles.hidden = form.spec.toggles.length === 0;
  const root = h("div", { className: "cc-app cc-compare" }, toggles, line, page, changes);
  const showView = () => {
    const view = form.view();
    line.textContent = view.status;
    page.innerHTML = view.page; // made and escaped by blocks.py
    changes.innerHTML = view.changes;
    page.dataset.renders = String(view.renders);
    form.refresh();
  };
  return follow(form, el, root, showView);
}

export default { render: whenReady(render) };
