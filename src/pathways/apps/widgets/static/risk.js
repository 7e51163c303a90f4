// What the risk models say beside a case, and a slider of how common the outcome is at a place. Needs form.js before it.

function render({ model, el }) {
  const form = new Form(model);
  const { models, lo, hi } = form.spec;
  const page = h("div", { className: "cc-page cc-scroll", role: "region", tabIndex: 0 });
  page.dataset.renders = "0";
  const line = h("p", { className: "cc-sr", role: "status" }); // seen at the head of the page below
  const choose = h("select", { onchange: () => form.edit((s) => { s.model = choose.value; s.in_100 = null; }) },
    ...models.map(([id, title]) => h("option", { value: id }, title)));
  form.live(choose, () => { choose.value = form.state.model; });
  const number = h("span", {}); // not <output>: the status line already tells what changed
  const slider = h("input", { type: "range", min: lo, max: hi, step: 1,
    oninput: () => { number.textContent = `${slider.value} in 100`; },
    onchange: () => form.edit((s) => { s.in_100 = Number(slider.value); }) });
  const back = h("button", { type: "button", className: "cc-button cc-small", onclick: () => form.edit((s) => { s.in_100 = null; }) }, "As in the data");
  form.live(slider, () => {
    const stated = form.state.in_100;
    slider.value = String(stated ?? form.view().fitted);
    number.textContent = stated === null ? `${form.view().fitted} in 100, as in the data` : `${stated} in 100`;
    slider.setAttribute("aria-valuetext", number.textContent);
    back.disabled = stated === null;
  });
  const bar = h("div", { className: "cc-bar" }, field("Model", choose),
    field("How common it is at your place", slider, "cc-what"), number, back);
  bar.hidden = models.length === 0;
  const root = h("div", { className: "cc-app cc-risk" }, h("h2", { className: "cc-sr" }, "Risk estimate"), bar, line, page);
  const showView = () => {
    const view = form.view();
    if (line.textContent !== view.status) line.textContent = view.status;
    page.innerHTML = view.page; // made and escaped by risk.py
    page.setAttribute("aria-label", models.find(([id]) => id === form.state.model)?.[1] ?? "What is not computed");
    form.refresh();
    page.dataset.renders = String(view.renders);
  };
  return follow(form, el, root, showView);
}

export default { render: whenReady(render) };
