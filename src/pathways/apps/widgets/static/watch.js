// A view that is old says so. Every edit is numbered and timed; the engine's answer carries the number that it answers. What
// was typed is kept in the browser's tab and can be saved without the engine. Needs form.js before it.

const ANSWER_MS = 2000; // an edit takes some 30 ms
const LONG_MS = 30000; // a file of 20,000 entries takes some seconds
const SAYS_LONG_MS = 300;

class Watch {
  constructor(form) {
    this.form = form;
    this.newest = form.view().answers;
    this.waiting = []; // {edit, by, doing, since}, the oldest first
    this.timer = null;
    this.old = false; // the page is older than what was typed
    this.unsaved = false;
    this.tries = false; // something is tried that is not in the case
    this.brought = false; // this tab's own copy was brought back
    this.opened = form.view().opened;
    this.key = `pathways.typed.${form.spec.opens}`;
    this.triedKey = `pathways.tried.${form.spec.opens}`; // comes back as a trial, never as the case
    this.files = form.view().files;
    this.savedText = this.files ? JSON.stringify(form.kept()) : undefined; // what stands in a file
  }
  sent(doing) {
    const now = Date.now();
    this.newest = Math.max(this.newest, this.form.view().answers) + 1;
    this.waiting.push({ edit: this.newest, by: now + (doing ? LONG_MS : ANSWER_MS), doing, since: now });
    this.keep();
    this.look();
    return this.newest;
  }
  answered(edit) {
    if (this.opened !== this.form.view().opened) this.brought = false; // another case stands here now
    this.opened = this.form.view().opened;
    this.waiting = this.waiting.filter((one) => one.edit > edit);
    this.look();
  }
  // Looks at the clock, and again when the next thing is due.
  look() {
    clearTimeout(this.timer);
    const now = Date.now();
    this.old = this.waiting.some((one) => one.by <= now);
    const due = this.waiting.flatMap((one) => [one.by, one.doing ? one.since + SAYS_LONG_MS : one.by]).filter((at) => at > now);
    if (due.length) this.timer = setTimeout(() => this.look(), Math.min(...due) - now + 1);
    this.form.refresh();
  }
  doing() {
    const now = Date.now();
    return this.waiting.find((one) => one.doing && one.since + SAYS_LONG_MS <= now)?.doing ?? "";
  }
  stop() {
    clearTimeout(this.timer);
  }

  // ---- what was typed: kept by this tab until it is saved or cleared

  keep() {
    const text = JSON.stringify(this.form.kept());
    if (this.files !== this.form.view().files) this.savedText = text; // just opened from a case file
    this.files = this.form.view().files;
    const { start, blank } = this.form.spec;
    const tried = JSON.stringify(this.form.state);
    this.unsaved = ![this.savedText, JSON.stringify(start), JSON.stringify(blank)].includes(text);
    this.tries = this.form.trying() && tried !== text;
    this.store(this.key, this.unsaved || this.tries ? text : null);
    this.store(this.triedKey, this.tries ? tried : null);
  }
  store(key, text) {
    try {
      if (text === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, text);
    } catch {
      // A full or a forbidden storage: the page says what is unsaved, and the case can be saved as a file.
    }
  }
  stored(key) {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  }
  forget() {
    this.unsaved = this.tries = this.brought = false;
    this.store(this.key, null);
    this.store(this.triedKey, null);
  }
  saved() {
    this.savedText = JSON.stringify(this.form.kept());
    this.brought = false;
    this.keep();
    this.form.refresh();
  }
  trial() {
    return this.tries ? "A change is being tried" : "";
  }
  loses() {
    return this.unsaved ? "Not saved" : this.trial();
  }
  // Where the engine was started again, or the page loaded again, the form begins as it began; what was typed comes back.
  restore() {
    if (this.form.view().answers) return; // a browser has typed here already
    const [text, tried] = [this.stored(this.key), this.stored(this.triedKey)];
    if (text && text !== JSON.stringify(this.form.kept())) {
      this.brought = true;
      this.form.edit((s) => Object.assign(s, JSON.parse(text)));
    }
    if (!tried) return;
    tryChange(this.form);
    this.form.edit((s) => Object.assign(s, JSON.parse(tried)));
  }
}

// ---- what is seen of it

function cover(form) {
  const save = h("button", { type: "button", className: "cc-button", onclick: () => saveTyped(form) }, "Save what was typed");
  const band = h("div", { className: "cc-stopped", role: "alert" });
  const words = h("div", {},
    h("p", {}, h("b", {}, "The engine has stopped. This page is old.")),
    h("p", {}, "What you type is kept in this tab. Start the engine again (in a notebook: Restart and run all; in the app: load the page again) and it comes back; or save it now and open the file later."));
  const busy = h("p", { className: "cc-busy", role: "status" });
  const kept = h("p", { className: "cc-kept", role: "status" });
  form.live(band, () => {
    const { old, brought } = form.watch;
    form.root?.classList.toggle("cc-old", old);
    for (const part of form.root?.querySelectorAll(".cc-live, .cc-record, .cc-zone-plans, .cc-zone-meeting") ?? []) part.inert = old;
    if (old && !band.childElementCount) band.append(words, save);
    if (!old && band.childElementCount) band.replaceChildren();
    const doing = form.watch.doing();
    busy.textContent = doing && !old ? `${doing} … the page below is as it was before.` : "";
    if (!brought) kept.replaceChildren();
    else if (!kept.childElementCount) kept.append("Brought back: what was typed in this tab before and not saved. ", startAnew(form, "Clear it", "cc-button cc-small"));
  });
  return [band, busy, kept];
}

function newCase(form) {
  form.watch.forget();
  form.watch.savedText = undefined;
  form.state = structuredClone(form.spec.blank);
  form.ask({ do: "new" });
}

function startAnew(form, title = "New case", className = "cc-button") {
  return askingOnce(form, title, className, () => form.watch.loses(), "press again to clear it", () => newCase(form));
}

// A button that opens something in place of the case, and asks once more while a change is being tried.
function opener(form, title, act) {
  return askingOnce(form, title, "cc-button", () => form.watch.trial(), "press again to open another", act);
}

// A button that asks once more where something would be lost, which `loses` names.
function askingOnce(form, title, className, loses, again, act) {
  const button = h("button", { type: "button", className });
  let sure = false;
  button.addEventListener("click", () => {
    if (loses() && !sure) sure = true;
    else {
      sure = false;
      act();
    }
    form.refresh();
  });
  button.addEventListener("blur", () => {
    sure = false;
    form.refresh();
  });
  form.live(button, () => {
    const words = sure && loses() ? `${loses()}: ${again}` : title;
    if (button.textContent !== words) button.textContent = words;
  });
  return button;
}

// Its room is kept free: what lies below would move under the pointer with the first edit, and a click be lost.
function unsavedNote(form) {
  const unsaved = "Not saved. This tab keeps it, and may bring it back, until you save or clear it.";
  const note = h("span", { role: "status" });
  const clearKey = startAnew(form, "Clear", "cc-button cc-small");
  form.live(note, () => {
    const words = form.watch.unsaved ? unsaved : "";
    if (note.textContent !== words) note.textContent = words;
    clearKey.hidden = !words;
  });
  const room = h("span", { className: "cc-room", "aria-hidden": "true" }, h("span", { className: "cc-button cc-small" }, "Clear"));
  room.dataset.words = unsaved;
  return h("span", { className: "cc-unsaved" }, room, h("span", {}, note, " ", clearKey));
}

function saveTyped(form) {
  const text = JSON.stringify({ pathways_form: 1, state: form.kept() }, null, 1);
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  download(form.view().file.name.replace(/\.toml$/, "_typed.json"), href); // by the name that it would have
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}
