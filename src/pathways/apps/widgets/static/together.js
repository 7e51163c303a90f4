// What people in the room think of each decision, marked before the three ways of looking show. Where seats are
// named, each marks for itself (seats.js). Needs form.js and seats.js before it.

const MARKS = [["for", "For"], ["against", "Against"], ["unsure", "Unsure"]];

function together(form) {
  const box = h("details", { className: "cc-group cc-together" }, h("summary", {}, "Mark the decisions, then compare ways of looking"),
    h("div", {}, h("p", { className: "cc-help" }, "Each for yourselves first: for, against or unsure. The marks are saved with the case. Name the seats at the table, and each marks by itself."), seats(form), marks(form), lenses(form)));
  form.live(box, () => { box.hidden = form.view().forks.length === 0; });
  return box;
}

function marks(form) {
  const box = h("div", {});
  const fork = (one) => {
    const lines = one.alternatives.map((alternative) => {
      const id = newId();
      const line = h("div", { className: "cc-mark", role: "group", "aria-labelledby": id }, h("span", { className: "cc-label", id }, alternative.title));
      const buttons = h("span", { className: "cc-toggle" });
      for (const [mark, text] of MARKS) {
        const button = h("button", { type: "button", onclick: () => press(one.id, alternative.key, mark) }, text);
        Object.assign(button.dataset, { fork: one.id, alternative: alternative.key, mark });
        buttons.append(button);
      }
      line.append(buttons);
      return line;
    });
    return h("fieldset", { className: "cc-fork" }, h("legend", {}, one.title), ...lines);
  };
  const press = (id, alternative, mark) =>
    form.edit((s) => {
      const own = marksOf(form, s);
      const same = own[id]?.[alternative] === mark;
      own[id] ??= {};
      put(own[id], alternative, same ? undefined : mark);
      if (!Object.keys(own[id]).length) delete own[id];
    });
  let shown = "";
  form.live(box, () => {
    const forks = form.view().forks;
    const now = JSON.stringify(forks);
    if (now !== shown) box.replaceChildren(...forks.map(fork));
    shown = now;
    for (const button of box.querySelectorAll("button")) {
      const { fork: id, alternative, mark } = button.dataset;
      button.setAttribute("aria-pressed", String(marksOf(form, form.state)[id]?.[alternative] === mark));
    }
  });
  return box;
}

function lenses(form) {
  const id = newId();
  const select = h("select", { id, onchange: () => {
    form.send({ lens: select.value });
  } });
  select.append(h("option", { value: "" }, "Choose a way of looking"), ...form.spec.lenses.map(([value, text]) => h("option", { value }, text)));
  const hint = h("p", { className: "cc-help" }, "Opens when each decision has a mark, of each seat where seats are named, so that nobody is led by the order.");
  const result = h("div", { className: "cc-agenda" });
  const box = h("section", { className: "cc-lens", "aria-label": "Ways of looking" },
    h("div", { className: "cc-line" }, h("label", { htmlFor: id }, "Order the plans as seen by"), select), hint, result);
  let shown = "";
  form.live(box, () => {
    const view = form.view();
    select.disabled = !view.open;
    hint.hidden = view.open;
    if (select.value !== view.lens) select.value = view.lens;
    if (shown !== view.agenda) result.innerHTML = view.agenda; // made and escaped by blocks.py
    shown = view.agenda;
  });
  return box;
}
