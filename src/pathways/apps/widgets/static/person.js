// The person in one sentence, to which the form folds once the six questions are answered; and the flags of its sections.
// Needs form.js before it.

function person(form, formBox, tryIt) {
  formBox.id ||= newId();
  const says = h("p", { className: "cc-sentence" });
  const left = h("span", { className: "cc-left" });
  const toggle = h("button", { type: "button", className: "cc-button cc-fold", "aria-controls": formBox.id, onclick: () => {
    fold.set(!fold.on);
    if (!fold.on) fold.enter();
  } });
  const fold = {
    on: false,
    of: -1, // the opening of a case that it was last folded for
    set(on) {
      fold.on = on;
      form.root?.classList.toggle("cc-folded", on);
      formBox.hidden = on;
      toggle.setAttribute("aria-expanded", String(!on));
      toggle.textContent = on ? "Change an answer" : "Fold the form";
    },
    enter() {
      formBox.querySelector("input:not(:disabled), select")?.focus();
    },
  };
  form.fold = fold;
  fold.set(false);
  const open = () => Object.entries(form.view().left ?? {}).filter(([, n]) => n > 0).map(([n]) => n);
  // Once for each case that is opened; never under the hands of whoever is answering, and not while a change is tried.
  const may = () => fold.of !== form.view().opened && !form.trying() && form.view().left && open().length === 0
    && !Object.keys(form.view().problems ?? {}).length;
  let here = false; // the focus was in the form
  const look = () => {
    if (!may() || formBox.contains(document.activeElement)) return;
    fold.of = form.view().opened;
    fold.set(true);
    // The last button pressed in the form may have gone dead under the focus.
    if (here && document.activeElement === document.body) toggle.focus({ preventScroll: true });
    here = false;
  };
  formBox.addEventListener("focusin", () => { here = true; });
  formBox.addEventListener("focusout", () => setTimeout(look, 0));
  const box = h("section", { className: "cc-person", "aria-label": "The person" }, says, h("div", { className: "cc-line" }, left, toggle, tryIt));
  form.live(box, () => {
    const view = form.view();
    if (says.textContent !== view.person) says.textContent = view.person ?? "";
    const still = open();
    left.textContent = still.length ? `Not all asked yet: question${still.length > 1 ? "s" : ""} ${still.join(", ")}` : "All six questions are answered";
    look();
  });
  return box;
}

// The form, opened at the field that a question asks for.
function openAt(form, key) {
  form.fold?.set(false);
  const root = form.root.querySelector(".cc-form");
  const find = () => root.querySelector(`.cc-row[data-key="${CSS.escape(key)}"]`);
  let at = find();
  if (!at) {
    const group = root.querySelector(`details[data-group="${CSS.escape(groupOf(form, key))}"]`);
    group?.draw?.();
    at = find() ?? group?.querySelector(".cc-add") ?? group;
  }
  for (let el = at?.parentElement; el && el !== root; el = el.parentElement) if (el.matches("details")) el.open = true;
  for (const details of at?.querySelectorAll(":scope > details") ?? []) details.open = true;
  const control = at?.querySelector?.("input:checked, input:not(:disabled), select, textarea") ?? at;
  control?.focus();
  control?.scrollIntoView({ block: "center" });
}

// The section of the form in which a key is answered, where no question of the first six prints it.
function groupOf(form, key) {
  const { groups, instruments, more_instruments: further } = form.spec;
  if (instruments.includes(key)) return "instruments";
  if (further.includes(key)) return "more_instruments";
  if (key.startsWith("observations.")) return "measures";
  if (key.startsWith("conditions.")) return "conditions";
  return groups.find((group) => group.rows.includes(key))?.id ?? "";
}

// A few words beside the title of a section where something wants attention. ``question`` is one of the first six.
function flagged(form, title, inside, question = null) {
  const flag = h("span", { className: "cc-flag" });
  form.live(flag, () => {
    const view = form.view();
    const wrong = Object.keys(view.problems ?? {}).filter(inside).length;
    const asked = view.asks.some((ask) => ask.rows.some(inside));
    const left = question ? (view.left?.[question] ?? 0) : 0;
    const words = [wrong && `${wrong} to correct`, asked && "asked next", left && `${left} open`].filter(Boolean);
    if (question && !words.length) words.push("answered");
    const told = words.join(", ");
    if (flag.textContent !== told) flag.textContent = told;
    flag.classList.toggle("cc-flag-wrong", wrong > 0);
    flag.classList.toggle("cc-flag-done", told === "answered");
  });
  title.append(" ", flag);
  return title;
}
