// A health record in FHIR, a PDMP export or a case file: choosing the file, what was understood of it (to confirm or correct,
// the doubtful first), and the report of what was made of it. All of it is shown as text. Needs form.js before it.

const OPEN_RECORD = "Open a record or PDMP export";

function openRecord(form) {
  const chooser = h("input", { type: "file", accept: ".json,.ndjson,.jsonl,.csv", hidden: true, tabIndex: -1, "aria-label": "Health record in FHIR, or PDMP export in CSV" });
  chooser.addEventListener("change", async () => {
    const file = chooser.files[0];
    chooser.value = "";
    if (!file) return;
    form.asksRecord = true;
    const tooLarge = file.size > form.spec.max_record_bytes;
    form.ask({ do: "record", name: file.name, text: tooLarge ? "" : await file.text(), size: file.size }, "Reading the record");
  });
  const button = opener(form, OPEN_RECORD, () => chooser.click());
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
    form.ask({ do: "record_done" });
  } }, "Put the report away");
  const group = (one) => h("details", {},
    h("summary", {}, `${one.title} (${one.count})`),
    h("ul", {}, ...one.notes.map(([resource, field, text]) => h("li", {}, h("b", {}, resource), ` ${field}: ${text}`))),
    one.left ? h("p", { className: "cc-help" }, `and ${one.left} more: see pathways hook --report`) : "");
  return [
    h("h2", { tabIndex: -1 }, `Import report: ${now.name}`),
    h("p", { role: "status" }, now.says),
    now.assumed ? h("p", { className: "cc-note" }, now.assumed) : "",
    ...understood(form, now),
    now.groups.length ? h("h3", {}, "Every remark, by kind") : "",
    ...now.groups.map(group),
    away,
  ].filter((part) => part !== "");
}

// ---- what was understood: each entry's own words, what was made of it, and two buttons

function understood(form, now) {
  if (!now.lines?.length) return [];
  const doubtful = now.lines.filter((one) => one.doubts.length);
  const clear = now.lines.filter((one) => !one.doubts.length);
  const head = h("h3", {}, "What was understood");
  const count = h("p", { className: "cc-count-line", role: "status" });
  form.live(count, () => {
    const { to_confirm: left, lines } = form.view().record ?? now;
    const words = left === undefined ? "" : left ? `${left} of ${lines.length} to confirm or correct.` : `${lines.length} entries; nothing is left to confirm.`;
    if (count.textContent !== words) count.textContent = words;
  });
  const list = (lines, name) => h("ol", { className: "cc-understood", "aria-label": name }, ...lines.map((one) => entryLine(form, one)));
  return [
    head, count,
    h("p", { className: "cc-help" }, "“Confirm” keeps what was made of an entry, as the team’s word. “Correct” takes you to it in the form below: what you change there counts, the record is not changed."),
    doubtful.length ? list(doubtful, "To confirm or correct") : "",
    clear.length ? h("details", {}, h("summary", {}, `Understood without doubt (${clear.length})`), list(clear, "Understood without doubt")) : "",
    now.left ? h("p", { className: "cc-help" }, `and ${now.left} more entries: pathways review --full shows all`) : "",
  ].filter((part) => part !== "");
}

function entryLine(form, one) {
  const own = one.own ? `“${one.own}”` : one.where;
  const made = h("span", { className: "cc-made" }, one.made);
  const says = h("span", { className: "cc-says" });
  const line = () => form.view().record?.lines?.[one.n] ?? one;
  const send = (on) => form.ask({ do: "confirm", line: one.n, on });
  const confirm = h("button", { type: "button", className: "cc-button cc-small cc-confirm", onclick: () => {
    const on = line().state !== "confirmed";
    if (on) next(item);
    send(on);
  } }, "Confirm");
  const correct = h("button", { type: "button", className: "cc-button cc-small cc-correct", onclick: () => goTo(form, line().at, one.own) }, "Correct");
  correct.setAttribute("aria-label", `Correct: ${own}`);
  const item = h("li", {},
    h("div", { className: "cc-words" },
      h("span", { className: "cc-own" }, own), " ", h("span", { className: "cc-arrow", "aria-hidden": "true" }, "→"), " ", made,
      one.own ? h("span", { className: "cc-where" }, one.where) : ""),
    one.doubts.length ? h("ul", { className: "cc-doubts" }, ...one.doubts.map((text) => h("li", {}, text))) : "",
    h("div", { className: "cc-verdict" }, confirm, correct, says));
  item.dataset.line = one.n;
  form.live(item, () => {
    const now = line();
    if (made.textContent !== now.made) made.textContent = now.made;
    if (says.textContent !== now.says) says.textContent = now.says;
    item.dataset.state = now.state;
    // What leaves something unknown can be corrected; there is nothing in it to confirm.
    confirm.hidden = !now.sure && now.state !== "confirmed";
    confirm.textContent = now.state === "confirmed" ? "Take back" : "Confirm";
    confirm.setAttribute("aria-label", `${confirm.textContent}: ${own}, ${now.made}`);
    correct.textContent = /^(medicines|conditions|allergies)$/.test(now.at) ? "Add it" : "Correct";
    correct.setAttribute("aria-label", `${correct.textContent}: ${own}`);
  });
  return item;
}

// One key after the other: confirming takes the focus to the first button of the next entry that is not settled.
function next(item) {
  const all = [...item.parentElement.children];
  const after = all.slice(all.indexOf(item) + 1).find((one) => !one.dataset.state);
  after?.querySelector("button:not([hidden])")?.focus();
}

// To an entry of a list ("medicines.2"), to a row, or to the list or group where it can be added.
function goTo(form, at, own) {
  const [which, n] = at.split(".");
  const group = form.root.querySelector(`.cc-form .cc-group[data-group="${which === "observations" ? "measures" : CSS.escape(which)}"]`);
  const draw = (box) => {
    box?.open || box?.draw?.();
    if (box) box.open = true;
  };
  let target = form.root.querySelector(`.cc-form .cc-row[data-key="${CSS.escape(at)}"]`);
  if (!target) {
    draw(group);
    for (const name of group ? [] : ["instruments", "more_instruments"]) {
      if (form.root.querySelector(`.cc-form .cc-row[data-key="${CSS.escape(at)}"]`) || which === "medicines") break;
      draw(form.root.querySelector(`.cc-form .cc-group[data-group="${name}"]`));
    }
    target = form.root.querySelector(`.cc-form .cc-row[data-key="${CSS.escape(at)}"]`);
  }
  const list = form.root.querySelector(`.cc-form .cc-list[data-list="${CSS.escape(which)}"]`);
  if (!target && list && n === undefined) {
    list.querySelector(".cc-add").click(); // a new entry, which takes the words along
    const what = list.querySelector(".cc-entries > li:last-child .cc-what input");
    if (what && own) {
      what.value = own;
      what.dispatchEvent(new Event("change"));
    }
    return;
  }
  target ??= list?.querySelectorAll(".cc-entries > li")[Number(n)] ?? group;
  for (let box = target?.closest("details"); box; box = box.parentElement?.closest("details")) box.open = true;
  for (const rest of target?.querySelectorAll?.("details.cc-rest, details.cc-instrument") ?? []) rest.open = true;
  const control = target?.querySelector("input:checked, input:not([type=radio]), select, summary");
  (target ?? form.root).scrollIntoView({ block: "center" });
  control?.focus({ preventScroll: true });
}
