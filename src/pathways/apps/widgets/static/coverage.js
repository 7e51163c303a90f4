// What a plan pays for, service by service. It changes no advice; no policy, group or member number belongs here.

function coverage(form) {
  const choices = form.spec.entry_choices.coverage;
  const draw = (entry, set) => {
    const change = (name) => (v) => set((e) => put(e, name, v));
    const pick = (name, blank) => dropdown(form, { choices: choices[name], blank, get: () => entry()[name], set: change(name) });
    const amount = (name, step) => typed(form, { type: "number", min: 0, step }, () => entry()[name], change(name));
    const note = typed(form, { type: "text", maxLength: 200 }, () => entry().note || undefined, change("note"));
    return [h("div", { className: "cc-fields" },
      field("Service", pick("service", "choose"), "cc-what"), field("Coverage", pick("status", "not known"), "cc-short"),
      field("Deductible left ($)", amount("deductible", "any"), "cc-dose"), field("Copay ($)", amount("copay", "any"), "cc-dose"),
      field("Days to review", amount("days", 1), "cc-dose"), field("Note (no policy or member number)", note, "cc-what"))];
  };
  return entries(form, "coverage", "Coverage", draw, () => ({}));
}
