// A health record in FHIR: choosing the file, and the report of what was made of it. All of it is shown as text.

function openRecord(form) {
  const chooser = h("input", { type: "file", accept: ".json,.ndjson,.jsonl,.csv", hidden: true, tabIndex: -1, "aria-label": "Health record in FHIR" });
  chooser.addEventListener("change", async () => {
    const file = chooser.files[0];
    chooser.value = "";
    if (!file) return;
    form.asksRecord = true;
    const tooLarge = file.size > form.spec.max_record_bytes;
    form.model.send({ do: "record", name: file.name, text: tooLarge ? "" : await file.text(), size: file.size });
  });
  const button = h("button", { type: "button", className: "cc-button", onclick: () => chooser.click() }, "Open a health record (FHIR)");
  return [button, chooser];
}

function record(form) {
  const box = h("section", { className: "cc-record", "aria-label": "Import report" });
  let shown;
  form.live(box, () => {
    const now = form.view().record;
    if (shown === (now?.n ?? null)) return;
    shown = now?.n ?? null;
    box.hidden = !now;
    box.replaceChildren(...(now ? report(form, now) : []));
    // Whoever opened the file is taken to what came of it; others who see the same form stay where they are.
    if (now && form.asksRecord) box.querySelector("h2").focus();
    form.asksRecord = false;
  });
  return box;
}

function report(form, now) {
  const away = h("button", { type: "button", className: "cc-button cc-small", onclick: () => {
    form.root.querySelector(".cc-bar button").focus();
    form.model.send({ do: "record_done" });
  } }, "Put the report away");
  const group = (one) => h("details", { open: one.open },
    h("summary", {}, `${one.title} (${one.count})`),
    h("ul", {}, ...one.notes.map(([resource, field, text]) => h("li", {}, h("b", {}, resource), ` ${field}: ${text}`))),
    one.left ? h("p", { className: "cc-help" }, `and ${one.left} more: see pathways hook --report`) : "");
  return [
    h("h2", { tabIndex: -1 }, `Import report: ${now.name}`),
    h("p", { role: "status" }, now.says),
    h("p", { className: "cc-help" }, "The questions below now hold what was used. Correct them there: what you change counts, the record is not changed."),
    now.assumed ? h("p", { className: "cc-note" }, now.assumed) : "",
    ...now.groups.map(group),
    away,
  ].filter((part) => part !== "");
}
