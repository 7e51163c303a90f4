// The conference: its cases one after the other, what was decided before and how it stands now, what is decided today, and the
// sheet at the end. Asked for while it is open, and drawn from one message of its own. Needs form.js, dates.js and seats.js before it.

const OUTCOMES = [["do", "To do"], ["do_not", "Not to do"], ["wait", "To wait with it"], ["done", "Done"]];

function meetingZone(form) {
  const title = h("h2", { id: newId() }, "Conference");
  const says = h("p", { className: "cc-meeting-says", role: "status" });
  const wrong = h("p", { className: "cc-error", role: "alert" });
  let last = { rows: [], before: [], new: [], items: [], marks: "", at: null };
  let asked = 0; // the view that the newest message was asked for
  const send = (message, doing = "") => form.ask(message, doing);
  const button = (words, press, className = "cc-button cc-small") => h("button", { type: "button", className, onclick: press }, words);

  // ---- the cases
  const chooser = h("input", { type: "file", accept: ".toml,.json", multiple: true, hidden: true, tabIndex: -1, "aria-label": "Case files of the conference" });
  chooser.addEventListener("change", async () => {
    const files = [];
    for (const file of chooser.files) {
      const tooLarge = file.size > form.spec.max_bytes;
      files.push({ name: file.name, text: tooLarge ? "" : await file.text(), size: file.size });
    }
    chooser.value = "";
    if (files.length) send({ do: "list", files }, "Opening the cases");
  });
  const list = h("ol", { className: "cc-cases" });
  const before = h("ul", { className: "cc-before" });
  const beforeBox = h("div", {}, h("h3", {}, "Decided last time"), before);
  const openList = button("Open the cases of a conference", () => chooser.click(), "cc-button cc-open-list");
  const cases = h("details", { className: "cc-group" }, h("summary", {}, "The cases"),
    h("div", {}, h("p", { className: "cc-help" }, "Up to ten case files at once. The list is kept only while this page is open: save each case that changed."), openList, chooser, beforeBox, list));
  const meet = (n) => send({ do: "meet", n }, "Opening the case");
  const sayCase = (row) => {
    const here = row.n === last.at;
    const open = button(here ? "On the screen" : "Open", () => meet(row.n));
    open.setAttribute("aria-label", `${here ? "On the screen" : "Open"}: ${row.name}`);
    open.dataset.n = row.n;
    if (here) open.setAttribute("aria-current", "true");
    return h("li", {}, h("b", {}, row.name), ` ${row.person}. `,
      row.urgent.length ? h("span", { className: "cc-look" }, `Urgent: ${row.urgent.join("; ")}. `) : "",
      row.new.length ? `New since: ${row.new.join("; ")}. ` : "",
      `${row.decide} to decide, ${row.questions} to ask. `, row.changed ? h("span", { className: "cc-look" }, "Not saved. ") : "", open);
  };

  // ---- what was decided, and how it stands
  const agreed = h("ul", { className: "cc-agreed" });
  const news = h("p", { className: "cc-note" });
  const past = h("details", { className: "cc-group cc-past" }, h("summary", {}, "What was decided, and how it stands now"), h("div", {}, agreed, news));
  const sayAgreed = (one) => {
    const line = h("li", { className: one.look ? "cc-look" : "" }, `${one.says} `);
    const act = (words, message) => {
      const made = button(words, () => send(message, "Recording"));
      made.setAttribute("aria-label", `${words}: ${one.title}`);
      line.append(made, " ");
    };
    if (one.open) act("It is done", { do: "decide", item: one.item, outcome: "done" });
    if (one.place !== null) act("Take back", { do: "take_back", n: one.place });
    return line;
  };

  // ---- what is decided now
  const marks = h("div", { className: "cc-scroll", tabIndex: 0, role: "region", "aria-label": "What each seat marked" });
  const typedIn = () => ({ item: "", outcome: "do", owner: "", due: "", note: "", dissent: {} });
  let now = typedIn();
  const pick = (choices, blank, get, set) => {
    const select = h("select", { id: newId(), onchange: () => { set(select.value); draw(); } });
    const fill = (all) => select.replaceChildren(...(blank ? [h("option", { value: "" }, blank)] : []), ...all.map(([value, text]) => h("option", { value }, text)));
    fill(choices);
    return { select, fill, show: () => { select.value = get(); } };
  };
  const item = pick([], "Choose what it is about", () => now.item, (v) => { now.item = v; now.dissent = fromMarks(); });
  const outcome = pick(OUTCOMES, "", () => now.outcome, (v) => { now.outcome = v; now.dissent = fromMarks(); });
  const owner = pick(form.spec.roles, "Nobody named", () => now.owner, (v) => { now.owner = v; });
  const due = dated(form, "By, or look again by", { part: true }, () => now.due || undefined, (v) => { now.due = v ?? ""; });
  const note = h("input", { type: "text", maxLength: 200, autocomplete: "off", className: "cc-wide", onchange: () => { now.note = note.value.trim(); } });
  const dissent = h("div", { className: "cc-dissent" });
  const another = pick(form.spec.roles, "Choose a role", () => "", (v) => { if (v) now.dissent[v] ??= ""; });
  // Who marked against it, or for what is not to be done, does not agree until somebody says otherwise.
  const fromMarks = () => {
    const against = now.outcome === "do" ? "against" : now.outcome === "do_not" ? "for" : "";
    if (!last.marks || !against) return {};
    const ways = form.view().forks.flatMap((fork) => fork.alternatives.filter((way) => way.key.split("+").includes(now.item)).map((way) => [fork.id, way.key]));
    const seated = Object.entries(form.state.seats ?? {}).filter(([, own]) => ways.some(([fork, way]) => own[fork]?.[way] === against));
    return Object.fromEntries(seated.map(([role]) => [role, ""]));
  };
  const drawDissent = () => dissent.replaceChildren(...Object.entries(now.dissent).map(([role, words]) => {
    const input = h("input", { type: "text", maxLength: 200, autocomplete: "off", value: words, onchange: () => { now.dissent[role] = input.value.trim(); } });
    const away = button("Remove", () => { delete now.dissent[role]; draw(); another.select.focus(); });
    away.setAttribute("aria-label", `Remove: ${roleName(form, role)} does not agree`);
    return h("div", { className: "cc-line" }, field(`${roleName(form, role)} does not agree, and says`, input, "cc-what"), away);
  }));
  const draw = () => {
    for (const one of [item, outcome, owner, another]) one.show();
    show(note, now.note);
    drawDissent();
    form.refresh();
  };
  const record = button("Record it", () => {
    send({ do: "decide", ...now, note: note.value.trim(), dissent: Object.entries(now.dissent).map(([role, says]) => (says ? { role, says } : { role })) }, "Recording");
    waiting = true;
  }, "cc-button cc-record-it");
  let waiting = false; // a decision is on its way
  const decide = h("details", { className: "cc-group cc-decide" }, h("summary", {}, "Record what is decided"), h("div", {}, marks,
    h("div", { className: "cc-fields" }, field("About", item.select, "cc-what"), field("Decided", outcome.select), field("Who sees to it", owner.select), due),
    field("A few words, without a name", note), dissent,
    h("div", { className: "cc-line" }, field("Another seat that does not agree", another.select), record)));

  // ---- the end: the sheet
  const sheet = button("Sheet of this case", () => form.ask({ do: "sheet" }, "Making the sheet"), "cc-button");
  const next = button("", () => {
    form.ask({ do: "sheet" }, "Making the sheet");
    meet(last.at + 1);
  }, "cc-button cc-next");
  const end = h("div", { className: "cc-line cc-end" }, h("span", { className: "cc-help" }, "At the end:"), sheet, next);
  const zone = h("section", { className: "cc-zone cc-zone-meeting", "aria-labelledby": title.id, tabIndex: 0 },
    h("div", { className: "cc-zone-head" }, title, says), wrong, cases, past, decide, end);

  const boxes = [cases, past, decide];
  const ask = () => {
    if (!boxes.some((one) => one.open) || asked === form.view().renders || form.watch?.old) return;
    asked = form.view().renders;
    form.model.send({ do: "zone" }); // not numbered: nothing that is typed waits for it
  };
  for (const one of boxes) one.addEventListener("toggle", ask);
  let opened = -1;
  form.live(zone, () => {
    if (opened !== form.view().opened) {
      now = typedIn();
      wrong.textContent = "";
      past.open = Boolean(form.state.kept?.decisions?.length); // a case opens with what was decided
      opened = form.view().opened;
      for (const one of [outcome, owner, another]) one.show();
      note.value = "";
      drawDissent();
    }
    ask();
  });
  const message = (m) => {
    if (m.do !== "meeting") return;
    const had = document.activeElement;
    const held = zone.contains(had) ? { n: had.dataset?.n, label: had.getAttribute("aria-label") } : null;
    last = m;
    asked = form.view().renders;
    const all = m.rows.flatMap((row) => row.before.map((one) => ({ ...one, name: row.name })));
    const inOrder = [...all.filter((one) => one.look), ...all.filter((one) => !one.look)];
    before.replaceChildren(...inOrder.map((one) => h("li", { className: one.look ? "cc-look" : "" }, `${one.name}: ${one.says}`)));
    beforeBox.hidden = !inOrder.length;
    list.replaceChildren(...m.rows.map(sayCase));
    if (m.rows.length && m.at === null) cases.open = true;
    agreed.replaceChildren(...m.before.map(sayAgreed));
    if (!m.before.length) agreed.append(h("li", {}, "Nothing is on record for this case."));
    news.textContent = m.new.length ? `New since then: ${m.new.join("; ")}.` : "";
    item.fill(m.items);
    const html = m.marks;
    if (marks.dataset.shown !== html) marks.innerHTML = html; // made and escaped by meeting.py
    marks.dataset.shown = html;
    marks.hidden = !html;
    wrong.textContent = m.problem;
    if (m.done || m.problem) says.textContent = m.done;
    if (waiting && m.done) {
      now = typedIn();
      note.value = "";
      past.open = true;
    }
    if (m.done || m.problem) waiting = false;
    const on = m.at !== null && m.at + 1 < m.rows.length;
    next.hidden = !on;
    next.textContent = on ? `Sheet, then the next case: ${m.rows[m.at + 1].name}` : "";
    draw();
    if (held && !zone.contains(document.activeElement)) {
      const again = [...zone.querySelectorAll("button")].find((one) => (held.n !== undefined ? one.dataset.n === held.n : one.getAttribute("aria-label") === held.label && held.label));
      (again ?? zone).focus({ preventScroll: true });
    }
  };
  next.hidden = marks.hidden = true;
  beforeBox.hidden = true;
  form.saved = () => { if (last.at !== null) send({ do: "kept" }); };
  return { zone, message };
}
