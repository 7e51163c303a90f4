// The page that needs no install: starts the engine in a worker, shows how far it is, and shows the widget on it.
import widget from "./conference.js";
import { Model } from "./model.js";

const byId = (id) => document.getElementById(id);
const place = byId("conference");
let engine = null; // the worker
let leave = null; // takes the widget away

// A worker whose script is a blob: has this page's policy; one that is fetched has that of its own answer, and a plain
// web server gives none.
function newWorker() {
  const script = `import ${JSON.stringify(new URL("worker.js", import.meta.url).href)};`;
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return new Worker(address, { type: "module", name: "engine" });
}

function start() {
  engine?.terminate();
  leave?.();
  leave = null;
  place.replaceChildren();
  byId("trouble").replaceChildren();
  byId("again").replaceChildren();
  byId("start").hidden = false;
  progress("Loading …", 0);
  const worker = newWorker();
  engine = worker;
  let model = null;
  worker.onmessage = ({ data }) => {
    if (worker !== engine) return; // of an engine that was given up
    if (typeof data === "string") {
      const message = JSON.parse(data);
      if (model) model.took(message);
      else {
        model = new Model(message.traits, (out) => worker.postMessage(JSON.stringify(out)));
        show(model);
      }
    } else if (data.failed) failed(data.failed);
    else progress(data.stage, data.at);
  };
  worker.onerror = (event) => {
    if (worker === engine && !model) failed(event.message ?? "a file could not be loaded");
  };
}

function progress(words, at) {
  byId("doing").textContent = words;
  byId("progress").value = at;
}

function show(model) {
  byId("start").hidden = true;
  leave = widget.render({ model, el: place });
  const app = place.firstElementChild;
  new MutationObserver(() => stopped(app.classList.contains("cc-old"))).observe(app, { attributeFilter: ["class"] });
  performance.mark("usable");
  keepOffline();
}

function button(words, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", press);
  return made;
}

function say(at, kind, words, press) {
  const line = document.createElement("p");
  line.className = kind;
  line.append(words, press);
  byId(at).replaceChildren(line);
}

// The widget covers itself, and says so, when its engine does not answer; this page can start another one.
function stopped(yes) {
  const told = byId("again").childElementCount > 0;
  if (yes && !told) say("again", "pg-again", "With a new engine, what was typed comes back.", button("Start it again", start));
  if (!yes && told) byId("again").replaceChildren();
}

function failed(why) {
  byId("start").hidden = true;
  say("trouble", "pg-failed", `The engine could not start (${why}). Check that this page’s whole folder is on the server, and that the browser is up to date.`,
    button("Try again", start));
}

// ---- without a network: a service worker keeps the files, where the browser has one (https, or this machine)

async function keepOffline() {
  const says = byId("offline");
  if (says.textContent) return;
  if (!navigator.serviceWorker) {
    says.textContent = "Each start needs the server: over plain http a browser keeps no page for offline use.";
    return;
  }
  try {
    await navigator.serviceWorker.register("offline.js", { updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    says.textContent = "From now on it starts without a network, too.";
  } catch {
    says.textContent = "Each start needs the server: this browser did not keep the page for offline use.";
  }
}

start();
