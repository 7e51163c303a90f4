// Runs inside.py in the browser's Python: node build.mjs PYODIDE INSIDE SITE SOURCES MODELS OUT
// It compiles for that Python, and keeps the checked content as that Python would.
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";

const [pyodide, inside, site, sources, models, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(pyodide).href);
const python = await loadPyodide({ env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0", PATHWAYS_CACHE: "/kit/kept" } });
const places = { "/site": site, "/sources": sources, "/models": models, "/out": out };
for (const [inside, outside] of Object.entries(places)) python.mountNodeFS(inside, outside);
python.runPython(readFileSync(inside, "utf-8"));
