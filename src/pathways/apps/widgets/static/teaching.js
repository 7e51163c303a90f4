// A teaching case: story, questions, plan, how sure, commit; then the review. Needs form.js before it.

function render({ model, el }) {
  const form = new Form(model);
  const page = h("div", { className: "cc-page cc-feedback", role: "region", "aria-label": "What the review says", tabIndex: 0 });
  page.dataset.renders = "0";
  const line = h("p", { className: "cc-status", role: "status" });
  const error = h("p", { className: "cc-error", role: "alert" });
  const steps = h("div", { className: "cc-steps" });
  const root = h("div", { className: "cc-app cc-teaching" }, chooser(form), steps, line, error, page);
  let open = null;
  let committed = null;

  const showView = () => {
    const view = form.view();
    const now = form.state.case;
    if (open !== now) {
      open = now;
      committed = view.committed[now];
      steps.replaceChildren(...stepsOf(form, now));
    }
    for (const step of steps.querySelectorAll("fieldset.cc-step")) step.disabled = view.committed[now];
    if (line.textContent !== view.status) line.textContent = view.status;
    if (error.textContent !== view.error) error.textContent = view.error;
    page.hidden = view.page === "";
    if (page.dataset.page !== view.page) {
      page.dataset.page = view.page;
      page.innerHTML = view.page; // made and escaped by teaching.py
    }
    form.refresh();
    page.dataset.renders = String(view.renders);
    if (view.committed[now] && !committed) page.focus(); // the answer has come: a keyboard goes on there
    committed = view.committed[now];
  };
  return follow(form, el, root, showView);
}

function chooser(form) {
  const titles = form.spec.cases.map((one, n) => [n, one.title]);
  const select = h("select", { onchange: () => form.edit((s) => { s.case = Number(select.value); }) },
    ...titles.map(([n, text]) => h("option", { value: String(n) }, text)));
  form.live(select, () => { select.value = String(form.state.case); });
  return h("div", { className: "cc-bar" }, field("Case", select, "cc-what"));
}

function step(n, title, help, ...children) {
  return h("fieldset", { className: "cc-question cc-step" }, h("legend", {}, `${n}. ${title}`), help ? h("p", { className: "cc-help" }, help) : null, ...children);
}

function stepsOf(form, now) {
  const one = form.spec.cases[now];
  const mine = () => form.state.cases[now];
  const change = (edit) => form.edit((s) => edit(s.cases[now]));
  const story = h("section", { className: "cc-story", "aria-label": "The story" }, h("h2", {}, one.title),
    ...one.story.flatMap(([title, lines]) => [h("h3", {}, title), h("ul", {}, ...lines.map((text) => h("li", {}, text)))]));
  const ticks = (key, choices, id) => {
    const box = h("div", { className: "cc-many" });
    for (const [value, text] of choices) {
      const tick = h("input", { type: "checkbox", value });
      tick.addEventListener("change", () => change((c) => { c[key] = c[key].filter((v) => v !== value).concat(tick.checked ? [value] : []); }));
      form.live(tick, () => { tick.checked = mine()[key].includes(value); });
      box.append(h("label", {}, tick, h("span", {}, text)));
    }
    box.dataset.list = id;
    return box;
  };
  const taken = one.medicines.map(([place, text, verbs]) => verbRow(form, place, text, verbs, () => mine().medicines, (edit) => change((c) => edit(c.medicines))));
  const plan = form.spec.options.map(([title, options]) => {
    const count = h("span", { className: "cc-count" });
    const box = h("details", { className: "cc-group" }, h("summary", {}, h("span", {}, title), " ", count),
      h("div", {}, ...options.map(([id, text]) => verbRow(form, id, text, form.spec.verbs, () => mine().plan, (edit) => change((c) => edit(c.plan))))));
    form.live(box, () => {
      const chosen = options.filter(([id]) => mine().plan[id]).length;
      count.textContent = chosen ? `${chosen} chosen` : "";
    });
    return box;
  });
  const label = newId();
  const sure = segments(form, { labelledby: label, choices: form.spec.sure.map((n) => [n, `${n}%`]), get: () => mine().sure ?? undefined, set: (v) => change((c) => { c.sure = v ?? null; }), blank: "Not said" });
  const commit = h("button", { type: "button", className: "cc-button cc-commit", onclick: () => form.model.send({ do: "commit" }) }, "Commit, and compare");
  form.live(commit, () => { commit.disabled = typeof mine().sure !== "number"; });
  return [
    story,
    step(1, "Is anything urgent?", "Tick what you see in the story, or none.", ticks("emergencies", form.spec.emergencies, "emergencies")),
    step(2, "What would you ask first?", "Not all of these would change anything.", ticks("asks", one.questions, "asks")),
    ...(taken.length ? [step(3, "The medicines of the list", "What becomes of each. What is left blank goes on as it is; “Stop” means at once.", h("div", { className: "cc-taken" }, ...taken))] : []),
    step(taken.length ? 4 : 3, "Your plan", "Give a verb to what belongs in your plan, or to what does not. What is left blank is not in it; what is in use goes on.", ...plan),
    step(taken.length ? 5 : 4, "How sure are you?", null, h("div", { className: "cc-row" }, h("span", { className: "cc-label", id: label }, `That ${form.spec.event}.`), sure), commit),
  ];
}

function verbRow(form, id, text, verbs, said, change) {
  const control = newId();
  const select = dropdown(form, { id: control, choices: verbs.map((v) => [v, v]), get: () => said()[id], set: (v) => change((where) => put(where, id, v)), blank: "–" });
  const row = h("div", { className: "cc-row" }, h("label", { className: "cc-label", htmlFor: control }, text), select);
  row.dataset.key = id;
  return row;
}

export default { render: whenReady(render) };
