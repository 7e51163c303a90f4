// The case conference: six questions on one side, the live first page on the other. Needs form.js, watch.js and record.js before it.

function render({ model, el }) {
  const form = new Form(model);
  form.watch = new Watch(form);
  form.history = new History(form);
  const root = h("div", { className: "cc-app cc-conference" });
  const page = h("div", { className: "cc-page" });
  page.dataset.renders = "0";
  let shown = "";
  const asked = h("section", { className: "cc-form", "aria-label": "Questions", tabIndex: 0 }, h("h2", { className: "cc-sr" }, "Questions"), ...questions(form), ...more(form));
  const trial = whatIf(form, page);
  const live = h("section", { className: "cc-live", "aria-label": "First page and what to ask next", tabIndex: 0 }, trial.section, page, askNext(form), pictures(form));
  const opened = opens(form, live);
  const panes = h("div", { className: "cc-panes" }, asked, live);
  const plans = plansZone(form, together(form));
  const meeting = meetingZone(form);
  form.root = root; // the parts below refresh by it
  const keys = keyboard(form, root);
  root.append(keys.links, ...cover(form), bar(form, keys.button), status(form), record(form), person(form, asked, trial.on), panes, plans.zone, meeting.zone, opened.dialog, keys.list);

  const showView = () => {
    const view = form.view();
    if (page.dataset.renders !== String(view.renders)) {
      if (shown !== view.page) page.innerHTML = view.page; // made and escaped by the report
      shown = view.page;
      const title = page.querySelector(".pw-head :is(h1, h2)");
      const same = title?.textContent.trim() === view.person;
      title?.classList.toggle("cc-same", same); // said above the page already
      title?.classList.toggle("cc-titled", !same && Boolean(view.person)); // as somebody wrote it once: the sentence is what holds
      page.dataset.renders = String(view.renders);
    }
    form.watch.answered(view.answers);
    form.history.look();
    form.refresh();
  };
  const message = (m) => {
    if (m.do === "download") download(m.name, m.href);
    if (m.do === "section") opened.show(m);
    if (m.do === "out") form.outs.take(m);
    plans.message(m);
    meeting.message(m);
  };
  model.on("msg:custom", message);
  const leave = follow(form, el, root, showView);
  form.watch.restore();
  return () => {
    leave();
    form.watch.stop();
    plans.stop();
    model.off("msg:custom", message);
  };
}

function download(name, href) {
  const link = h("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

// ---- the bar: open, save, sheet, day of review

function bar(form, keys) {
  const chooser = h("input", { type: "file", accept: ".toml,.json", hidden: true, tabIndex: -1, "aria-label": "Case file" });
  chooser.addEventListener("change", async () => {
    const file = chooser.files[0];
    chooser.value = "";
    if (!file) return;
    const tooLarge = file.size > form.spec.max_bytes;
    form.ask({ do: "load", name: file.name, text: tooLarge ? "" : await file.text(), size: file.size }, "Opening the case");
  });
  const day = dated(form, "Day of review", { className: "cc-day" }, () => form.state.as_of, (v) => form.edit((s) => { s.as_of = v ?? ""; }));
  const wrong = h("span", { className: "cc-problem", role: "status" });
  form.live(wrong, () => {
    const { as_of: ofDay, case: ofCase } = form.view().problems ?? {};
    const told = [ofDay && `Day of review: ${ofDay}`, ofCase].filter(Boolean).join("; ");
    if (wrong.textContent !== told) wrong.textContent = told;
  });
  // What is pressed less often stands behind one button where there is little room.
  const rest = h("div", { className: "cc-bar-rest", id: newId() }, ...openRecord(form), startAnew(form), undoRedo(form),
    h("button", { type: "button", className: "cc-button cc-sheet", onclick: () => form.ask({ do: "sheet" }, "Making the sheet") }, "Sheet to print or send"),
    ...outs(form), keys, day, wrong);
  const more = h("button", { type: "button", className: "cc-button cc-bar-more", "aria-expanded": "false", "aria-controls": rest.id, onclick: () => {
    more.setAttribute("aria-expanded", String(line.classList.toggle("cc-bar-open")));
  } }, "More");
  const line = h("div", { className: "cc-bar" },
    opener(form, "Open a case", () => chooser.click()),
    chooser, saveKey(form), more, rest);
  return line;
}

function status(form) {
  const line = h("p", { className: "cc-status", role: "status" });
  const error = h("p", { className: "cc-error", role: "alert" });
  form.live(line, () => {
    if (line.textContent !== form.view().status) line.textContent = form.view().status;
    if (error.textContent !== form.view().error) error.textContent = form.view().error;
  });
  return h("div", {}, h("div", { className: "cc-state-line" }, line, unsavedNote(form)), error, notSaved(form));
}

// ---- questions

function questions(form) {
  return form.spec.questions.map((question) => {
    const box = h("fieldset", { className: "cc-question" },
      flagged(form, h("legend", {}, `${question.n}. ${question.title}`), insideOf(form, question), question.n),
      question.hint ? h("p", { className: "cc-help" }, question.hint) : null);
    box.dataset.question = question.n;
    box.append(...question.rows.map((key) => row(form, key)));
    const yesNo = question.rows.filter((key) => form.spec.rows[key].kind === "yes_no");
    if (yesNo.length > 1) box.append(askedNone(form, question.n, yesNo));
    if (question.n === 4) box.append(medicines(form));
    if (question.n === 5) box.append(...form.spec.oud.map((key) => row(form, key)));
    return box;
  });
}

// What stands in one of the first six questions: its rows, and in two of them a list or further rows.
function insideOf(form, question) {
  const rows = new Set([...question.rows, ...(question.n === 5 ? form.spec.oud : [])]);
  return (key) => rows.has(key) || (question.n === 4 && /^medicines\.\d+$/.test(key));
}

// Answers only what is printed here, still blank, and not proved by what is listed: the engine knows which that is.
function askedNone(form, question, keys) {
  const press = () => form.ask({ do: "asked_none", question });
  const button = h("button", { type: "button", className: "cc-button cc-none", onclick: press }, "Asked: none of the others");
  form.live(button, () => {
    const proved = (key) => form.view().derived?.[key]?.value === true;
    const left = keys.filter((key) => form.state.rows[key] === undefined && !proved(key)).length;
    button.disabled = left === 0;
    button.textContent = left === keys.length ? "Asked: none of these" : "Asked: none of the others";
  });
  return button;
}

function more(form) {
  const groups = form.spec.groups.map((group) =>
    later(form, group.title, () => group.rows.map((key) => row(form, key)), group.id));
  return [
    h("h3", { className: "cc-more" }, "More, when it is needed"),
    later(form, "Conditions", () => [conditions(form)], "conditions"),
    later(form, "Allergies", () => [allergies(form)], "allergies"),
    later(form, "Coverage", () => [coverage(form)], "coverage"),
    later(form, "Questionnaires and scores", () => form.spec.instruments.map((key) => row(form, key)), "instruments"),
    later(form, "Other questionnaires, when one was filled in", () => form.spec.more_instruments.map((key) => row(form, key)), "more_instruments"),
    later(form, "Tests, dates and events", () => [...form.spec.measures.map((key) => row(form, key)), older(form)], "measures"),
    ...groups,
    later(form, "Title and notes", () => [texts(form)], "texts"),
  ];
}

// Drawn when it is first opened: most of the form is not needed for most people.
function later(form, title, draw, name) {
  const body = h("div", {});
  const first = new Set([...form.spec.questions.flatMap((question) => question.rows), ...form.spec.oud]);
  const inside = (key) => !first.has(key) && (groupOf(form, key) === name || (name !== "medicines" && new RegExp(`^${name}\\.\\d+$`).test(key)));
  const box = h("details", { className: "cc-group" }, flagged(form, h("summary", {}, title), inside), body);
  box.dataset.group = name;
  box.draw = () => body.childElementCount || body.append(...draw());
  box.addEventListener("toggle", () => box.open && box.draw());
  return box;
}

function older(form) {
  const box = h("div", {}, wholeList(form, "observations"));
  const list = h("p", { className: "cc-note" });
  form.live(list, () => {
    list.textContent = form.view().older.length ? `Also in this case: ${form.view().older.join("; ")}.` : "";
  });
  box.append(list);
  return box;
}

function texts(form) {
  const title = typed(form, { type: "text", maxLength: 200, className: "cc-wide" }, () => form.state.title || undefined, (v) => form.edit((s) => { s.title = v ?? ""; }));
  const notes = h("textarea", { rows: 4, maxLength: 3000, className: "cc-wide" });
  notes.addEventListener("change", () => notes.value !== form.state.notes && form.edit((s) => { s.notes = notes.value; }));
  form.live(notes, () => show(notes, form.state.notes));
  return h("div", {}, field("Title (no name, no number of the person)", title), field("Notes (nothing that identifies the person)", notes));
}

// ---- lists

function wholeList(form, which) {
  const tick = h("input", { type: "checkbox" });
  tick.addEventListener("change", () => form.edit((s) => put(s.complete, which, tick.checked ? "yes" : undefined)));
  const assumed = h("span", { className: "cc-help" });
  const unread = () => Object.keys(form.view().problems ?? {}).some((key) => key.startsWith(`${which}.`) || (which === "observations" && form.spec.rows[key]?.kind === "instrument"));
  form.live(tick, () => {
    const now = form.state.complete[which];
    tick.checked = now === "yes" || now === "assumed";
    const words = [now === "assumed" ? " (assumed by the system it came from)" : "", tick.checked && unread() ? " Not counted as whole while something in it cannot be read." : ""].join("");
    if (assumed.textContent !== words) assumed.textContent = words;
  });
  return h("label", { className: "cc-whole" }, tick, h("span", {}, "This is the whole list"), assumed);
}

function entries(form, which, title, draw, fresh) {
  const list = h("ul", { className: "cc-entries", "aria-label": title });
  const fill = () => {
    list.replaceChildren(...form.state[which].map((_, n) => card(n)));
    list.dataset.of = String(form.state[which].length);
  };
  const card = (n) => {
    const entry = () => form.state[which][n] ?? {};
    const set = (change) => form.edit((s) => { if (s[which][n]) change(s[which][n]); });
    const came = h("p", { className: "cc-help cc-came" });
    const note = h("p", { className: "cc-note", role: "status" });
    const wrong = h("p", { className: "cc-problem" });
    const offers = h("div", { className: "cc-offers" });
    const remove = h("button", { type: "button", className: "cc-button cc-small" }, "Remove");
    remove.setAttribute("aria-label", `Remove entry ${n + 1} of ${title.toLowerCase()}`);
    remove.addEventListener("click", () => {
      form.edit((s) => s[which].splice(n, 1));
      add.focus();
    });
    const item = h("li", {}, came, ...draw(entry, set, n), note, offers, wrong, remove);
    const take = (name) => h("button", { type: "button", className: "cc-button cc-small", onclick: () => {
      set((e) => { e.parts[0].what = name; });
      item.querySelector(".cc-what input").value = name;
      item.querySelector("input").focus();
    } }, `Use ${name}`);
    let offered = "";
    form.live(item, () => {
      const own = form.view().record?.own?.[`${which}.${n}`];
      const said = form.view().notes?.[`${which}.${n}`] ?? "";
      came.textContent = own ? `As it came in: “${own}”` : "";
      if (note.textContent !== said) note.textContent = said;
      wrong.textContent = form.view().problems?.[`${which}.${n}`] ?? "";
      const names = form.view().offers?.[`${which}.${n}`] ?? [];
      if (offered !== names.join("|")) offers.replaceChildren(...names.map(take));
      offered = names.join("|");
    });
    return item;
  };
  const add = h("button", { type: "button", className: "cc-button cc-add", onclick: () => {
    form.edit((s) => s[which].push(fresh()));
    list.lastElementChild.querySelector("input,select")?.focus();
  } }, { medicines: "Add a medicine", conditions: "Add a condition", allergies: "Add an allergy" }[which] ?? "Add a service");
  let shown = null;
  form.live(list, () => {
    // Drawn anew when entries came or went, or another case was opened; otherwise the fields keep themselves current.
    const now = form.state[which].length + "|" + form.model.get("view").opened;
    if (now !== shown) fill();
    shown = now;
  });
  const box = h("div", { className: "cc-list" }, h("h3", {}, title), list, h("div", { className: "cc-line" }, add, which === "coverage" || which === "allergies" ? "" : wholeList(form, which)));
  box.dataset.list = which;
  return box;
}

function suggestions(names) {
  return h("datalist", { id: newId() }, ...names.map((name) => h("option", { value: name })));
}

function medicines(form) {
  const names = suggestions(form.spec.medicine_names);
  const choices = form.spec.entry_choices.medicines;
  const draw = (entry, set, n) => {
    const pick = (name, blank) => dropdown(form, { choices: choices[name], blank, get: () => entry()[name], set: (v) => set((e) => put(e, name, v)) });
    const text = (name, props = {}) => typed(form, { type: "text", maxLength: 200, ...props }, () => entry()[name] || undefined, (v) => set((e) => put(e, name, v)));
    const day = (title, name) => dated(form, title, { part: true }, () => entry()[name], (v) => set((e) => put(e, name, v)));
    const tick = (name) => {
      const box = h("input", { type: "checkbox", onchange: () => set((e) => put(e, name, box.checked || undefined)) });
      form.live(box, () => { box.checked = Boolean(entry()[name]); });
      return box;
    };
    const part = (k) => {
      const of = () => entry().parts?.[k] ?? {};
      const change = (name, v) => set((e) => { e.parts ??= []; e.parts[k] = { what: "", dose: null, ...e.parts[k], [name]: v }; });
      const what = typed(form, { type: "text", list: names.id, maxLength: 200 }, () => of().what || undefined, (v) => change("what", v ?? ""));
      const dose = typed(form, { type: "number", min: 0, step: "any", atOnce: true }, () => of().dose ?? undefined, (v) => change("dose", v ?? null));
      return [field(k ? "and" : "Medicine", what, "cc-what"), field("Dose each time", dose, "cc-dose")];
    };
    const parts = h("div", { className: "cc-fields" });
    let count = 0;
    form.live(parts, () => {
      for (const many = Math.max(1, entry().parts?.length ?? 0); count < many; count += 1) parts.append(...part(count));
    });
    const another = h("button", { type: "button", className: "cc-button cc-small", onclick: () => {
      set((e) => e.parts.push({ what: "", dose: null }));
      parts.lastElementChild.previousElementSibling.querySelector("input").focus();
    } }, "It holds another ingredient");
    return [
      parts,
      h("div", { className: "cc-fields" },
        field("Unit", pick("unit", "mg"), "cc-short"),
        field("Times a day", text("times", { size: 7, placeholder: "2 or BID" }), "cc-short"),
        h("label", { className: "cc-tick" }, tick("as_needed"), h("span", {}, "as needed")),
        field("For", pick("purpose", "not known"), "cc-short"),
        field("State", pick("state", "current"), "cc-short")),
      h("details", { className: "cc-rest" }, h("summary", {}, "More about this medicine"),
        h("div", { className: "cc-fields" },
          field("Route", pick("route", "not known")), field("Form", pick("release", "not known")),
          field("Told by", pick("source", "not known")), field("Prescriber (role, no name)", text("prescriber")),
          day("Since", "start"), day("Stopped", "stop"),
          field("As written", text("name"), "cc-what")),
        h("div", { className: "cc-line" }, another,
          h("label", { className: "cc-tick" }, tick("none"), h("span", {}, "Looked up: none of the kinds the kit asks about")))),
    ];
  };
  const fresh = () => ({ parts: [{ what: "", dose: null }], state: "current", none: false, times: "" });
  return h("div", {}, names, entries(form, "medicines", "Medicines by name and dose", draw, fresh));
}

function conditions(form) {
  const names = suggestions(form.spec.condition_names);
  const choices = form.spec.entry_choices.conditions;
  const draw = (entry, set) => {
    const pick = (name, blank) => dropdown(form, { choices: choices[name], blank, get: () => entry()[name], set: (v) => set((e) => put(e, name, v)) });
    const what = typed(form, { type: "text", list: names.id, maxLength: 200 }, () => entry().what || undefined, (v) => set((e) => { e.what = v ?? ""; }));
    const since = dated(form, "Since", { part: true }, () => entry().since, (v) => set((e) => put(e, "since", v)));
    const none = h("input", { type: "checkbox", onchange: () => set((e) => { e.none = none.checked; }) });
    form.live(none, () => { none.checked = Boolean(entry().none); });
    return [h("div", { className: "cc-fields" },
      field("Condition", what, "cc-what"), field("State", pick("status", "active"), "cc-short"),
      field("How sure", pick("certainty", "confirmed"), "cc-short"), since,
      h("label", { className: "cc-tick" }, none, h("span", {}, "Looked up: none of the kinds the kit asks about")))];
  };
  return h("div", {}, names, entries(form, "conditions", "Conditions", draw, () => ({ what: "", none: false })));
}

// ---- ask next, answered in place. A question that was just answered stays until the focus has left it.

function askNext(form) {
  const list = h("div", {});
  const silenced = h("p", { className: "cc-help" });
  const box = h("section", { className: "cc-asks", "aria-label": "Answer what to ask next" }, h("h3", {}, "Ask next: answer here"), list, silenced);
  const drawn = new Map();
  const draw = (ask) => {
    const silence = h("button", { type: "button", className: "cc-button cc-small", onclick: () => form.edit((s) => s.cannot_answer.push(ask.ask)) }, "Cannot be answered");
    silence.setAttribute("aria-label", `Cannot be answered: ${ask.label}`);
    const there = h("button", { type: "button", className: "cc-button cc-small cc-there", onclick: () => openAt(form, ask.rows[0] ?? ask.ask) }, "In the form");
    there.setAttribute("aria-label", `In the form: ${ask.label}`);
    const settles = ask.settles.length ? `Settles: ${ask.settles.join("; ")}` : "";
    const foot = h("div", { className: "cc-line" }, h("span", { className: "cc-help" }, `${settles}`), there, silence);
    const one = h("div", { className: "cc-ask" }, ...ask.rows.map((key) => row(form, key)));
    if (!ask.rows.length) one.append(h("p", { className: "cc-label" }, `${ask.label}: add it to the list in question 4.`));
    one.dataset.ask = ask.ask;
    one.append(foot);
    for (const details of one.querySelectorAll("details")) details.open = false;
    one.addEventListener("focusout", () => setTimeout(tidy, 0));
    return one;
  };
  const tidy = () => {
    const wanted = form.view().asks;
    const ids = wanted.map((ask) => ask.ask);
    for (const [id, one] of drawn) {
      if (ids.includes(id) || one.contains(document.activeElement)) continue;
      one.remove();
      drawn.delete(id);
    }
    for (const ask of wanted) {
      if (!drawn.has(ask.ask)) drawn.set(ask.ask, draw(ask));
      if (drawn.get(ask.ask).parentNode !== list) list.append(drawn.get(ask.ask));
    }
    for (const one of list.children) one.classList.toggle("cc-answered", !ids.includes(one.dataset.ask));
    box.hidden = !drawn.size && !form.view().silenced.length;
    silenced.replaceChildren();
    form.view().silenced.forEach(([ask, label]) => {
      const again = h("button", { type: "button", className: "cc-button cc-small", onclick: () => form.edit((s) => { s.cannot_answer = s.cannot_answer.filter((a) => a !== ask); }) }, `Ask again: ${label}`);
      silenced.append(again, " ");
    });
  };
  form.live(list, tidy);
  return box;
}

export default { render: whenReady(render) };
