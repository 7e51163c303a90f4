// What the page only counts or names ("+13 more", "see the plan", "7 apply") opens here, and Escape closes it.
function opens(form, page) {
  const title = h("h2", { id: newId() });
  const body = h("div", { className: "cc-opened-body" });
  const close = h("button", { type: "button", className: "cc-button", onclick: () => dialog.close() }, "Close");
  const dialog = h("dialog", { className: "cc-opened", "aria-labelledby": title.id }, h("div", { className: "cc-opened-head" }, title, close), body);
  // The section whose link was followed, and which of its links: the page may have been drawn anew meanwhile.
  let from = null;
  let nth = 0;
  const links = () => [...page.querySelectorAll(`a.pw-opens[data-opens="${CSS.escape(from ?? "")}"]`)];
  page.addEventListener("click", (event) => {
    const link = event.target.closest("a.pw-opens");
    if (!link) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab follows links of an output by itself
    from = link.dataset.opens;
    nth = links().indexOf(link);
    form.ask({ do: "open", section: from }, "Opening");
  });
  dialog.addEventListener("close", () => (links()[nth] ?? links()[0])?.focus());
  const show = (section) => {
    if (section.section !== from || dialog.open) return;
    title.textContent = section.title;
    body.innerHTML = section.html; // made and escaped by the report
    dialog.showModal();
    dialog.scrollTop = 0;
  };
  return { dialog, show };
}
