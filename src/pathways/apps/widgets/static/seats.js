// The seats at the table of a conference, by role. Each marks by itself, and sees the marks of the others only when all have marked
// each decision. Needs form.js before it.

// The seat that marks now, where any is named.
function seatNow(form, state = form.state) {
  const named = Object.keys(state.seats ?? {});
  return named.includes(form.seat) ? form.seat : named[0];
}

// The marks that a press changes: of the seat that marks now, or of the room where no seat is named.
function marksOf(form, state) {
  const seat = seatNow(form, state);
  return seat ? state.seats[seat] : state.marks;
}

function roleName(form, id) {
  return form.spec.roles.find(([one]) => one === id)?.[1] ?? id;
}

function seats(form) {
  const select = h("select", { id: newId(), className: "cc-add-seat", onchange: () => {
    const role = select.value;
    select.value = "";
    if (!role) return;
    form.seat = role;
    form.edit((s) => { (s.seats ??= {})[role] ??= {}; });
  } });
  select.append(h("option", { value: "" }, "Choose a role"), ...form.spec.roles.map(([value, text]) => h("option", { value }, text)));
  const list = h("span", { className: "cc-toggle cc-seat-list", role: "group", "aria-label": "Who marks now" });
  const away = h("button", { type: "button", className: "cc-button cc-small", onclick: () => {
    const seat = seatNow(form);
    form.edit((s) => { delete s.seats[seat]; });
    select.focus();
  } });
  const says = h("p", { className: "cc-help cc-seats-say", role: "status" });
  const done = (marks) => form.view().forks.every((fork) => fork.alternatives.some((way) => marks[fork.id]?.[way.key]));
  let drawn = "";
  const box = h("div", { className: "cc-seats-box" },
    h("div", { className: "cc-line" }, field("Add a seat", select), list, away), says);
  form.live(box, () => {
    const named = Object.keys(form.state.seats ?? {});
    const now = seatNow(form);
    if (drawn !== named.join("|")) {
      list.replaceChildren(...named.map((role) => {
        const button = h("button", { type: "button", onclick: () => { form.seat = role; form.refresh(); } }, roleName(form, role));
        button.dataset.seat = role;
        return button;
      }));
      drawn = named.join("|");
    }
    for (const button of list.children) button.setAttribute("aria-pressed", String(button.dataset.seat === now));
    list.hidden = away.hidden = !named.length;
    away.textContent = now ? `Remove: ${roleName(form, now)}` : "";
    const left = named.filter((role) => !done(form.state.seats[role]));
    const told = !named.length ? "" : left.length ? `Still to mark: ${left.map((role) => roleName(form, role)).join(", ")}. The marks of the others show when all have marked.`
      : "Each seat has marked each decision. The marks stand side by side under “Conference”.";
    if (says.textContent !== told) says.textContent = told;
  });
  return box;
}
