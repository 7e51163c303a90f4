// What can be taken out of a case: printed, copied for the chart, saved as a file. Needs form.js and conference.js (download).
// Mounted in the bar by conference.js: `...outs(form)`; what the engine answers goes to `form.outs.take`.

function outs(form) {
  const { audiences, saved, for_person: forPerson } = form.spec.outs;
  const who = h("select", { id: newId() }, ...audiences.map(([id, words]) => h("option", { value: id }, words)));
  const says = h("p", { className: "cc-note", role: "status" });
  const empty = () => {
    copied.hidden = true;
    text.value = "";
    says.textContent = "";
  };
  let asked = 0; // an answer that was asked for somebody else is not shown
  const ask = (how, what, doing) => {
    empty();
    asked += 1;
    form.ask({ do: "out", how, what, who: forPerson.includes(what) ? "team" : who.value, asked }, doing);
  };
  const now = h("p", { className: "cc-help cc-outs-now", role: "status" });
  const button = (words, press) => h("button", { type: "button", className: "cc-button", onclick: press }, words);
  const title = h("h2", { id: newId() }, "Print, save or copy");
  const text = h("textarea", { readOnly: true, rows: 12, className: "cc-wide", "aria-label": "Text for the chart", wrap: "off" });
  const copied = h("div", { className: "cc-copied", hidden: true }, text);
  const dialog = h("dialog", { className: "cc-opened cc-outs", "aria-labelledby": title.id },
    h("div", { className: "cc-opened-head" }, title, button("Close", () => dialog.close())),
    now,
    h("p", {}, h("label", { htmlFor: who.id }, "Who will see it: "), who),
    h("p", { className: "cc-help" }, "Others than the team see what the person’s consents open. The page for the person is always made for the person."),
    h("h3", {}, "Print, or save as PDF"),
    h("p", { className: "cc-line" }, button("Print the sheet", () => ask("print", "html", "Making the sheet")), button("Print the page for the person", () => ask("print", "handout", "Making the page"))),
    h("p", { className: "cc-help" }, "The browser’s own print dialog opens; “Save as PDF” is one of its printers."),
    h("h3", {}, "Copy"),
    h("p", { className: "cc-line" }, button("Copy as text for the chart", () => ask("copy", "text", "Making the text"))), copied,
    h("h3", {}, "Save as a file"),
    h("p", { className: "cc-line" }, ...saved.map(([id, words]) => button(words, () => ask("save", id, "Making the file")))),
    says);
  who.addEventListener("change", () => {
    empty();
    asked += 1;
  });
  dialog.addEventListener("close", () => {
    empty();
    open.focus();
  });
  form.live(now, () => {
    const tried = form.trying() ? "A change is being tried. What is taken out here is the case without it. " : "";
    const unread = form.view().file.unread.length ? "What could not be read stands in it as not known. " : "";
    if (now.textContent !== tried + unread) now.textContent = tried + unread;
  });
  const take = async (made) => {
    if (made.asked !== asked) return;
    if (made.how === "print") printApart(made.html, made.css);
    else if (made.how === "save") {
      saveAs(made.name, made.kind, made.text);
      says.textContent = `Saved: ${made.name}`;
    } else if (made.how === "copy") {
      text.value = made.text;
      copied.hidden = false;
      const done = await toClipboard(made.text);
      text.focus();
      text.select();
      text.scrollTop = 0;
      says.textContent = done ? "Copied. Paste it into the chart." : "The browser did not allow it: the text is marked, press Ctrl+C (on a Mac ⌘C) to copy it.";
    } else says.textContent = made.text;
  };
  const open = button("Print, save, copy …", () => dialog.showModal());
  open.setAttribute("aria-haspopup", "dialog");
  form.outs = { take };
  return [open, dialog];
}

function saveAs(name, kind, text) {
  const href = URL.createObjectURL(new Blob([text], { type: `${kind};charset=utf-8` }));
  download(name, href);
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

// Printed from a frame of its own, so that nothing else of the page is on the paper. No window is opened, which a browser may
// refuse, and the style is put in by script: the policy of a page may allow no style of a document's own.
function printApart(html, css) {
  document.querySelector("iframe.cc-printed")?.remove();
  const frame = h("iframe", { className: "cc-printed", title: "What is printed", tabIndex: -1, "aria-hidden": "true" });
  Object.assign(frame.style, { position: "fixed", right: "0", bottom: "0", width: "1px", height: "1px", border: "0", opacity: "0" });
  document.body.append(frame);
  const inside = frame.contentWindow;
  const page = new DOMParser().parseFromString(html, "text/html"); // made and escaped by the report
  const doc = frame.contentDocument;
  doc.replaceChild(doc.adoptNode(page.documentElement), doc.documentElement);
  const sheet = new inside.CSSStyleSheet();
  sheet.replaceSync(css);
  doc.adoptedStyleSheets = [sheet];
  inside.addEventListener("afterprint", () => setTimeout(() => frame.remove(), 0));
  inside.focus();
  inside.print();
}
