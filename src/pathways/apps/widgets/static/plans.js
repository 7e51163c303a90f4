// The zone of plans below the first page: asked for when it is looked at, and drawn from one message of its own, so that an
// answer is on the first page no later for it. Each item opens to its reasons. Needs form.js before it.

const PAUSE_MS = 120;

function plansZone(form, marks) {
  const title = h("h2", { id: newId() }, "Plans");
  const line = h("p", { className: "cc-plans-status", role: "status" });
  const body = h("div", { className: "cc-plans-body" });
  const zone = h("section", { className: "cc-zone cc-zone-plans", "aria-labelledby": title.id, tabIndex: 0 },
    h("div", { className: "cc-zone-head" }, title, line), body, marks);
  const open = new Set(); // the items that are open, by item and place
  let inSight = false;
  let used = false; // a button in it was pressed, and what comes of it is not drawn yet
  let asked = 0; // the view that the newest plans were asked for
  let soon = null;
  const ask = () => {
    if (!(inSight || used || zone.contains(document.activeElement)) || asked === form.view().renders || form.watch?.old) return;
    clearTimeout(soon); // while somebody types, the first page comes first
    soon = setTimeout(() => {
      asked = form.view().renders;
      form.model.send({ do: "plans" }); // not numbered: nothing that is typed waits for it
    }, PAUSE_MS);
  };
  const key = (button) => `${button.dataset.item} ${button.dataset.where ?? ""}`;
  const buttons = () => [...body.querySelectorAll("button.cc-item")];

  // What has the focus, so that it comes back after the zone was drawn anew.
  const held = (el) => {
    const names = ["item", "where", "free", "hold", "wish", "id"];
    if (el.matches?.("[data-limit]")) return "[data-limit]";
    const given = names.filter((name) => el.dataset?.[name] !== undefined);
    return given.length ? given.map((name) => `[data-${name}="${CSS.escape(el.dataset[name])}"]`).join("") : "";
  };
  const redraw = (html) => {
    const had = body.contains(document.activeElement) ? document.activeElement : null;
    const place = had ? held(had) : "";
    const others = body.querySelector(".cc-others")?.open;
    body.innerHTML = html; // made and escaped by plans_zone.py
    const box = body.querySelector(".cc-others");
    if (box && others) box.open = true;
    for (const button of buttons()) if (open.has(key(button))) show(button);
    if (!had) return;
    const again = place && body.querySelector(place);
    waiting = again ? "" : place;
    (again ?? zone).focus({ preventScroll: true });
  };
  let waiting = ""; // a button inside an item that is still on its way

  const panel = (button) => {
    let box = button.closest("tr")?.nextElementSibling ?? button.parentElement.querySelector(".cc-item-body");
    if (box?.matches("tr") && !box.classList.contains("cc-item-row")) box = null;
    if (box) return box.querySelector(".cc-item-body") ?? box;
    const made = h("div", { className: "cc-item-body", id: newId() }, h("p", { className: "cc-help" }, "Looking …"));
    const row = button.closest("tr");
    if (row) row.after(h("tr", { className: "cc-item-row" }, h("td", { colSpan: row.children.length }, made)));
    else button.after(made);
    button.setAttribute("aria-controls", made.id);
    return made;
  };
  const show = (button) => {
    open.add(key(button));
    button.setAttribute("aria-expanded", "true");
    panel(button).dataset.body = button.dataset.item;
    form.model.send({ do: "item", item: button.dataset.item });
  };
  const hide = (button) => {
    open.delete(key(button));
    button.setAttribute("aria-expanded", "false");
    const box = panel(button);
    (box.closest("tr.cc-item-row") ?? box).remove();
    button.removeAttribute("aria-controls");
  };
  body.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    used = true;
    const { item, hold, wish, free, id } = button.dataset;
    if (item) (button.getAttribute("aria-expanded") === "true" ? hide : show)(button);
    else if (hold) form.edit((s) => holdTo(s, hold, id));
    else if (free) form.edit((s) => letGo(s, free, id));
    else if (wish) form.ask({ do: "wish", item: id, says: wish }, "Noting it");
  });
  body.addEventListener("change", (event) => {
    if (!event.target.matches("[data-limit]")) return;
    used = true;
    const most = event.target.value;
    form.edit((s) => { put((s.held ??= {}), "burden", most === "" ? undefined : Number(most)); });
  });
  form.live(zone, ask);
  const sight = new IntersectionObserver((seen) => {
    inSight = seen.at(-1).isIntersecting;
    ask();
  }, { rootMargin: "0px 0px -80px 0px" }); // its heading alone, at the foot of the window, is not looking at it
  sight.observe(zone);

  const message = (m) => {
    if (m.do === "plans" && m.renders >= (Number(body.dataset.renders) || 0)) {
      line.textContent = m.status;
      used = false;
      redraw(m.html);
      body.dataset.renders = String(m.renders);
    } else if (m.do === "item") {
      for (const box of body.querySelectorAll(`[data-body="${CSS.escape(m.item)}"]`)) {
        const had = box.contains(document.activeElement) ? held(document.activeElement) : "";
        box.innerHTML = m.html; // made and escaped by item_zone.py
        if (had) box.querySelector(had)?.focus({ preventScroll: true });
      }
      if (waiting && body.querySelector(waiting)) {
        body.querySelector(waiting).focus({ preventScroll: true });
        waiting = "";
      }
    }
  };
  return { zone, message, stop: () => { sight.disconnect(); clearTimeout(soon); } };
}

// Locked in or ruled out, never both; pressed again, it is let go.
function holdTo(state, kind, id) {
  state.held ??= {};
  const was = state.held[kind]?.includes(id);
  letGo(state, "in", id);
  letGo(state, "out", id);
  if (!was) state.held[kind] = [...(state.held[kind] ?? []), id];
}
function letGo(state, kind, id) {
  const held = (state.held ??= {});
  if (kind === "burden") delete held.burden;
  else if (held[kind]) {
    held[kind] = held[kind].filter((one) => one !== id);
    if (!held[kind].length) delete held[kind];
  }
}
