// What the person has reacted to badly: to what, and what happened. What it closes stands on the page.

function allergies(form) {
  const names = suggestions(form.spec.medicine_names);
  const choices = form.spec.entry_choices.allergies;
  const draw = (entry, set) => {
    const change = (name) => (v) => set((e) => put(e, name, v));
    const pick = (name, blank) => dropdown(form, { choices: choices[name], blank, get: () => entry()[name], set: change(name) });
    const text = (name, props = {}) => typed(form, { type: "text", maxLength: 200, ...props }, () => entry()[name] || undefined, change(name));
    const what = typed(form, { type: "text", list: names.id, maxLength: 200 }, () => entry().what || undefined, (v) => set((e) => { e.what = v ?? ""; }));
    const none = h("input", { type: "checkbox", onchange: () => set((e) => { e.none = none.checked; }) });
    form.live(none, () => { none.checked = Boolean(entry().none); });
    return [h("div", { className: "cc-fields" },
      field("Allergy to", what, "cc-what"), field("Reaction", pick("reaction", "not known"), "cc-short"),
      field("How sure", pick("certainty", "confirmed"), "cc-short"),
      dated(form, "Since", { part: true }, () => entry().date, change("date")),
      field("What happened", text("note"), "cc-what"),
      h("label", { className: "cc-tick" }, none, h("span", {}, "Looked up: to none of the medicines of the kit")))];
  };
  return h("div", {}, names, entries(form, "allergies", "Allergies", draw, () => ({ what: "", none: false })));
}
