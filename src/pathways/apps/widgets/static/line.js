// What a case holds travels as messages between the page and its engine, never as widget state, which notebooks, their
// checkpoints and nbclient keep. The engine's side is private.py. A host that keeps nothing (the page without a notebook) gives
// the values themselves, and is used as it is.

const lines = new WeakMap();

function lineOf(raw) {
  if (raw.get("spec")) return raw;
  if (!lines.has(raw)) lines.set(raw, new Line(raw));
  return lines.get(raw);
}

// To a script what anywidget's model is.
class Line {
  constructor(raw) {
    this.raw = raw;
    this.values = {};
    this.unsent = {};
    this.open = 0; // settings that the engine has not taken yet
    this.listeners = new Map();
    raw.on("msg:custom", (message) => this.came(message));
    raw.send({ do: "hello" });
  }
  get(name) {
    return this.values[name];
  }
  set(name, value) {
    this.values[name] = value;
    this.unsent[name] = value;
  }
  // While the engine is busy only the newest values wait for it, so that no backlog builds up.
  save_changes() {
    if (!this.open) this.flush();
  }
  flush() {
    if (!Object.keys(this.unsent).length) return;
    this.open += 1;
    this.raw.send({ do: "set", values: this.unsent });
    this.unsent = {};
  }
  send(message) {
    this.flush();
    this.raw.send(message);
  }
  came(message) {
    if (message?.do === "taken") {
      this.open -= 1;
      this.save_changes();
    } else if (message?.do === "now") {
      Object.assign(this.values, message.values);
      for (const name of Object.keys(message.values)) this.tell(`change:${name}`);
    } else this.tell("msg:custom", message);
  }
  on(name, hear) {
    if (!this.listeners.has(name)) this.listeners.set(name, new Set());
    this.listeners.get(name).add(hear);
  }
  off(name, hear) {
    this.listeners.get(name)?.delete(hear);
  }
  tell(name, message) {
    for (const hear of [...(this.listeners.get(name) ?? [])]) hear(message);
  }
}

// A widget is drawn as soon as its engine has said what it shows; until then the page says that it is on its way.
function whenReady(render) {
  return ({ model: raw, el }) => {
    const model = lineOf(raw);
    let leave = null;
    const draw = () => {
      model.off("change:spec", draw);
      el.replaceChildren();
      leave = render({ model, el });
    };
    if (model.get("spec")) draw();
    else {
      const wait = document.createElement("p");
      wait.className = "cc-app cc-starting";
      wait.setAttribute("role", "status");
      wait.textContent = "Starting the engine …";
      el.append(wait);
      model.on("change:spec", draw);
    }
    return () => {
      model.off("change:spec", draw);
      leave?.();
    };
  };
}
