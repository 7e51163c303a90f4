// Runs pytest in the browser's Python: node run.mjs SITE CHECKOUT REFERENCE ARGUMENT...
// SITE holds the packages, CHECKOUT is this repository; REFERENCE may be "". The exit code is pytest's.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [site, checkout, reference, ...words] = process.argv.slice(2);
const found = createRequire(pathToFileURL(process.cwd() + "/")).resolve("pyodide/pyodide.mjs");
const { loadPyodide } = await import(pathToFileURL(found).href);

const env = { HOME: "/home/pyodide", PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" };
const places = { "/site": site, "/checkout": checkout };
if (reference) {
  places["/reference"] = reference;
  env.PATHWAYS_REFERENCE = "/reference";
}
const python = await loadPyodide({ env });
for (const [inside, outside] of Object.entries(places)) {
  python.mountNodeFS(inside, outside);
}
python.globals.set("words", python.toPy(words));
const code = python.runPython(`
import os, sys

os.chdir("/checkout")
sys.path[:0] = ["/checkout/src", "/checkout", "/site"]
import pydantic_core, pytest

print(f"Python {sys.version.split()[0]} on {sys.platform}, pydantic-core {pydantic_core.__version__}", flush=True)
int(pytest.main(list(words)))
`);
process.exit(code);
