// The keys of the case conference: single letters while the focus is inside it, and never while a text is typed or a list is open.
// None changes an answer that it does not name: a key that leads to a line does not begin to type in it, and a letter chooses from
// a list only once that is open. `?` lists them, and they can be switched off there. Skip links lead to the same places. Needs
// form.js before it.

const KEYS = [
  ["?", "This list of keys"],
  ["1 to 6", "Go to that question"],
  ["y, n, u", "Yes, no, not known; then on to the next line"],
  ["0", "Asked: none of these, or none of the others; then on to the next question"],
  ["j, k", "Next line, line before"],
  ["Enter", "Into the text of this line"],
  ["+", "Add a medicine"],
  ["m", "More, when it is needed"],
  ["f", "Fold the form to the person's sentence, or open it"],
  ["p", "The first page"],
  ["a", "Ask next"],
  ["d", "The decisions and their marks"],
  ["l", "The plans"],
  ["c", "The conference: its cases, what was decided, what to record"],
  ["w", "Try a change: on; then off again, and nothing of it is kept"],
  ["z", "Undo; with Shift, redo"],
  ["s", "Save this case"],
  ["t", "Sheet to print or send"],
  ["Escape", "Close what was opened; leave a text or a list, so that the keys work again"],
];
const PLACES = [["1", "Questions"], ["p", "First page"], ["a", "Ask next"], ["l", "Plans"], ["d", "Decisions"], ["c", "Conference"]];
const WRITTEN_IN = "textarea, input:not([type=radio], [type=checkbox], [type=file])";
const TYPED_IN = `select, ${WRITTEN_IN}`;
const CONTROL = "input:not(:disabled), select, textarea, summary, button:not(:disabled)";
// The list of a select is open. Where a browser cannot say so, it keeps its keys from the page while a list is open.
const isOpen = (select) => CSS.supports("selector(:open)") && select.matches(":open");

// Gives the links that lead to each part of the page, the list of keys with the button that opens it, and starts to listen.
function keyboard(form, root) {
  let on = true;
  let left = null; // the line that was left by Escape
  const seen = (el) => el.checkVisibility?.({ visibilityProperty: true }) ?? el.offsetParent;
  const find = (selector) => [...root.querySelectorAll(selector)].find(seen);
  const rows = (of) => [...of.querySelectorAll(".cc-row:not(.cc-row-instrument)")].filter(seen);
  const enter = (place) => {
    const control = place && (place.querySelector("input:checked:not(:disabled)") ?? place.querySelector(CONTROL) ?? place);
    const at = control?.matches(WRITTEN_IN) ? lineOf(control) : control;
    at?.focus();
    at?.scrollIntoView({ block: "nearest" });
    return Boolean(at);
  };
  // The line of a text: it has the focus until Enter, so that the next key is a key and is not written into the text.
  const lineOf = (text) => {
    const line = text.closest(".cc-row");
    if (!line) return text;
    line.tabIndex = -1;
    line.setAttribute("role", "group");
    line.setAttribute("aria-label", form.spec.rows[line.dataset.key]?.label ?? line.querySelector(".cc-label")?.textContent ?? "");
    line.dataset.lmSuppressShortcuts = "true"; // see guard() in form.js
    return line;
  };
  const question = (n) => form.fold?.set(false) ?? enter(find(`.cc-form fieldset[data-question="${n}"]`)?.querySelector(".cc-row"));
  const step = (from, by) => {
    const all = rows(from.closest(".cc-asks, .cc-form") ?? root.querySelector(".cc-form"));
    return enter(all[all.indexOf(from.closest(".cc-row") ?? left) + by]);
  };
  const answer = (target, says) => {
    const box = target.closest(".cc-row")?.querySelector(".cc-segments");
    const labels = [...(box?.querySelectorAll("label") ?? [])];
    const label = says === "u" ? labels.at(-1) : labels.find((one) => one.textContent === (says === "y" ? "Yes" : "No"));
    if (!label) return false;
    label.querySelector("input").click();
    if (!step(target, 1)) label.querySelector("input").focus();
    return true;
  };
  const go = {
    "?": () => list.showModal(),
    f: () => {
      root.querySelector(".cc-fold").click();
      if (form.fold.on) root.querySelector(".cc-fold").focus();
      return true;
    },
    "+": () => form.fold?.set(false) ?? find('.cc-form [data-list="medicines"] .cc-add')?.click(),
    t: () => find(".cc-bar .cc-sheet")?.click(),
    m: () => form.fold?.set(false) ?? enter(find(".cc-form > details summary")),
    p: () => {
      const live = root.querySelector(".cc-live");
      live.scrollTop = 0;
      live.focus({ preventScroll: true });
      live.scrollIntoView({ block: live.offsetHeight > window.innerHeight ? "start" : "nearest" });
      return true;
    },
    a: () => enter(find(".cc-asks .cc-ask")),
    d: () => {
      const box = find(".cc-together");
      if (box) box.open = true;
      return enter(box?.querySelector(".cc-mark"));
    },
    l: () => {
      const zone = root.querySelector(".cc-zone-plans");
      zone.focus({ preventScroll: true });
      zone.scrollIntoView();
      return true;
    },
    c: () => {
      const zone = root.querySelector(".cc-zone-meeting");
      zone.focus({ preventScroll: true });
      zone.scrollIntoView();
      return true;
    },
    w: () => {
      find(".cc-try")?.click();
      form.fold?.set(false);
      return enter(find(".cc-form .cc-row"));
    },
    z: () => form.history.step(true),
    Z: () => form.history.step(false),
    s: () => find(".cc-stopped button, .cc-bar a[download]")?.click(), // while the engine has stopped: what was typed
    0: (target) => {
      const here = target.closest("fieldset[data-question]");
      const button = here?.querySelector(".cc-none");
      if (!button) return false;
      if (!button.disabled) button.click();
      return question(Number(here.dataset.question) + 1);
    },
    j: (target) => step(target, 1),
    k: (target) => step(target, -1),
  };
  for (const n of "123456") go[n] = () => question(n);
  for (const says of "ynu") go[says] = (target) => answer(target, says);

  const links = h("nav", { className: "cc-skip", "aria-label": "Skip to" }, ...PLACES.map(([key, text]) =>
    h("a", { href: "#", onclick: (event) => { event.preventDefault(); event.stopPropagation(); go[key](event.target); } }, text)));
  const title = h("h2", { id: newId() }, "Keys");
  const tick = h("input", { type: "checkbox", checked: true, onchange: () => { on = tick.checked; } });
  const list = h("dialog", { className: "cc-opened cc-keys", "aria-labelledby": title.id },
    h("div", { className: "cc-opened-head" }, title, h("button", { type: "button", className: "cc-button", onclick: () => list.close() }, "Close")),
    h("p", {}, "They work while the focus is inside the form or the page, and not while you type a text. Tab goes on as everywhere."),
    h("dl", {}, ...KEYS.flatMap(([key, says]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, says)])),
    h("label", { className: "cc-tick" }, tick, h("span", {}, "Single keys are on")));
  const button = h("button", { type: "button", className: "cc-button", onclick: () => list.showModal() }, "Keys (?)");

  root.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key === "Escape" && target.matches(TYPED_IN) && !target.closest("dialog")) {
      left = target.closest(".cc-row");
      event.stopPropagation(); // in JupyterLab it would leave the whole form
      target.closest("[tabindex]")?.focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (target.matches(WRITTEN_IN) || target.closest("dialog") || !(on || key === "?")) return;
    if (key === "Enter" && target.matches(".cc-row")) {
      event.preventDefault();
      target.querySelector(WRITTEN_IN)?.focus();
      return;
    }
    const ofList = target.matches("select");
    if (ofList && isOpen(target)) return;
    if (ofList && key.length === 1 && key !== " ") event.preventDefault(); // a letter would choose from the closed list
    if (!(key in go)) return;
    event.preventDefault();
    event.stopPropagation();
    go[key](target);
  });
  return { links, list, button };
}
