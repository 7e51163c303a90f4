// The pictures beside the first page: the dose and the criteria, drawn anew with it. Needs form.js before it.

function pictures(form) {
  const body = h("div", { className: "cc-pictures-body" });
  const box = h("details", { className: "cc-pictures", open: true }, h("summary", {}, "Pictures"), body);
  let shown = null;
  form.live(box, () => {
    const view = form.view();
    if (shown === view.pictures) return;
    shown = view.pictures;
    body.innerHTML = view.pictures; // made and escaped by the report
    box.hidden = !view.pictures;
  });
  return box;
}
