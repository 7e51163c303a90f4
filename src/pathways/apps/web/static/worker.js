// The engine: Python and the kit, in a worker. Messages out: {stage, of} while it starts, {failed}, then the engine's own as
// JSON text. Messages in: JSON text. Everything is fetched from the folder in which this file lies.
import createPyodideModule from "./pyodide.asm.js";
import { loadPyodide } from "./pyodide.js";

const folder = new URL(".", import.meta.url).href;
const KIT = "/kit";
const STAGES = ["Loading Python …", "Loading the kit …", "Starting the kit …", "Reading the content …"];

async function bytes(name) {
  const answer = await fetch(folder + name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

function stage(n) {
  postMessage({ stage: STAGES[n], at: n + 1 });
}

async function start() {
  stage(0);
  const kit = bytes("kit.zip"); // comes while Python starts
  kit.catch(() => {}); // told where it is waited for
  const python = await loadPyodide({
    createPyodideModule,
    indexURL: folder,
    env: { HOME: "/home/pyodide", PYTHONDONTWRITEBYTECODE: "1", PATHWAYS_CACHE: `${KIT}/kept` },
  });
  stage(1);
  python.unpackArchive(await kit, "zip", { extractDir: KIT });
  python.runPython(`
    import sys
    from pathlib import Path
    sys.path.insert(0, "${KIT}")
    for path in Path("${KIT}/kept").rglob("*"):  # the kept content is used only where it is its owner's alone
        path.chmod(0o700 if path.is_dir() else 0o600)
  `);
  stage(2);
  const { Engine } = python.pyimport("pathways.apps.web.engine");
  stage(3);
  const engine = Engine((text) => postMessage(text));
  onmessage = ({ data }) => engine.receive(data);
  globalThis.engine = engine; // for whoever looks at it from the browser's console
}

start().catch((error) => {
  console.error(error);
  const lines = String(error?.message ?? error).trim().split("\n");
  postMessage({ failed: error?.name === "PythonError" ? lines.at(-1) : lines[0] });
});
