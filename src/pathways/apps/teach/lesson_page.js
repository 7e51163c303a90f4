"use strict";
// A lesson as a page: nothing is fetched and nothing is sent. What was answered becomes a file of the browser.
(() => {
  const body = document.body;
  const said = document.querySelector("[role=status]");
  const stages = [...document.querySelectorAll("[data-stage]")];
  const tell = (text, at) => {
    said.textContent = "";
    said.textContent = text;
    if (at) at.focus();
  };

  const answerOf = (set) => {
    const kind = set.dataset.kind;
    const found = {};
    const fields = [...set.querySelectorAll("[data-field]")];
    for (const one of fields) {
      const name = one.dataset.field;
      if (one.type === "checkbox") {
        if (one.checked) (found[name] ??= []).push(one.value);
      } else if (name === "sure") {
        if (one.value !== "") found.sure = Number(one.value);
      } else if (name === "text") {
        if (one.value.trim()) found.text = one.value.trim();
      } else if (one.value !== "" && name !== "order") {
        (found[name] ??= {})[one.dataset.key] = one.value;
      }
    }
    if (kind === "rank") {
      const placed = fields.filter((one) => one.dataset.field === "order" && one.value !== "");
      placed.sort((a, b) => Number(a.value) - Number(b.value));
      if (placed.length) found.order = placed.map((one) => one.dataset.key);
      found.places = placed.map((one) => one.value);
    }
    return found;
  };

  const wrong = (set) => {
    const given = answerOf(set);
    const wanted = set.querySelectorAll('[data-field="order"]').length;
    if (given.order && given.order.length !== wanted) return "give each a place, or none";
    if (given.places && new Set(given.places).size !== given.places.length) return "each place is given once";
    if (given.pair && given.pair.length !== 2) return "choose two, or none";
    const most = set.querySelector("[data-most]");
    if (most && set.querySelectorAll("[data-most] input:checked").length > Number(most.dataset.most)) {
      return `choose at most ${most.dataset.most}`;
    }
    const sure = given.sure;
    if (sure !== undefined && !(Number.isInteger(sure) && sure >= 0 && sure <= 100)) return "how sure is a number from 0 to 100";
    return "";
  };

  const whole = (stage) => {
    for (const set of stage.querySelectorAll("fieldset[data-question]")) {
      const why = wrong(set);
      if (why) {
        tell(`${set.querySelector("legend").textContent} – ${why}.`, set.querySelector("input, select, textarea"));
        return false;
      }
    }
    return true;
  };

  const close = (stage) => {
    for (const one of stage.querySelectorAll("fieldset[data-question], button")) one.disabled = true;
  };

  const goOn = (stage) => {
    if (!whole(stage)) return;
    close(stage);
    const place = stages.indexOf(stage);
    const next = stages[place + 1];
    next.hidden = false;
    if (place + 2 === stages.length - 1) stages[place + 2].hidden = false;
    tell("", next.querySelector("h2"));
  };

  const save = () => {
    const id = document.querySelector("[data-id]");
    if (!stages.every(whole)) return;
    if (!/^[A-Za-z0-9][A-Za-z0-9-]{1,19}$/.test(id.value)) {
      tell("Your id has 2 to 20 letters, digits and hyphens, such as L-01; no name.", id);
      return;
    }
    const answers = {};
    for (const set of document.querySelectorAll("fieldset[data-question]")) {
      const { places, ...given } = answerOf(set);
      if (Object.keys(given).some((name) => name !== "sure")) answers[set.dataset.question] = given;
    }
    const data = {
      made_by: "pathways teach page",
      schema_version: 1,
      learner: id.value,
      case: body.dataset.case,
      version: body.dataset.version,
      answers,
    };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1), "\n"], { type: "application/json" }));
    link.download = `${id.value}.${body.dataset.case}.answers.json`;
    link.click();
    for (const stage of stages) close(stage);
    id.disabled = true;
    tell(`Saved as ${link.download}. Give it to the one who leads the class: the first answer stands.`);
  };

  for (const button of document.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => (button.dataset.do === "save" ? save() : goOn(button.closest("[data-stage]"))));
  }
  let typed = false;
  document.addEventListener("input", () => {
    typed = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed && !document.querySelector("[data-id]").disabled) event.preventDefault();
  });
})();
