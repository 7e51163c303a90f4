// "Save this case": what was typed last is read first; and what cannot be read is told, not left out of the file without a word.
// Needs form.js and watch.js before it.

function saveKey(form) {
  const key = h("a", { className: "cc-button", download: "case.toml" }, "Save this case");
  let waits = false; // until the newest edit is answered
  const save = () => {
    waits = false;
    form.refused?.(form.view().file.unread);
    if (form.view().file.unread.length) return;
    form.watch.saved();
    form.saved?.(); // a conference keeps the list of its cases
  };
  key.addEventListener("click", (event) => {
    form.flush(true);
    waits = form.watch.waiting.length > 0;
    if (waits || form.view().file.unread.length) {
      event.preventDefault();
      event.stopPropagation(); // JupyterLab follows links of an output by itself
    }
    if (!waits) save();
  });
  form.live(key, () => {
    const { href, name } = form.view().file;
    key.href = href || "#";
    key.download = name;
    if (form.watch.old) waits = false; // the engine has stopped: the page says how to save now
    if (!waits || form.watch.waiting.length) return;
    if (href) download(name, href);
    save();
  });
  return key;
}

// Why nothing was saved, until it can be.
function notSaved(form) {
  const said = h("div", { className: "cc-not-saved", role: "alert" });
  form.refused = (unread) => {
    said.replaceChildren();
    if (!unread.length) return;
    said.append(
      h("p", {}, "Not saved: this cannot be read, and the file would be without it. Mend it; or save what was typed as it stands, which opens here again."),
      h("ul", {}, ...unread.map((one) => h("li", {}, one))),
      h("button", { type: "button", className: "cc-button cc-small", onclick: () => saveTyped(form) }, "Save what was typed"));
  };
  form.live(said, () => {
    if (said.childElementCount && !form.view().file.unread.length) said.replaceChildren();
  });
  return said;
}
