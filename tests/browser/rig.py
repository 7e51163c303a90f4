"""A widget in Chromium with its engine in this process: the same scripts and messages as in a notebook, without a server.

`show(page, widget)` draws it; the page's messages are answered by the widget at once. Where a test is about JupyterLab
(its keys, its cells, its restarts) it opens a notebook instead.
"""

from __future__ import annotations

import json
from typing import Any
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from pathways.apps.widgets import CaseConference
from tests.browser.test_case_conference import AXE
from tests.conftest import ROOT

CASES = ROOT / "sample_data/cases"

ADDRESS = "http://localhost/rig"
HTML = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Rig</title><meta name="viewport" content="width=device-width">
<style>body { margin: 0; } h1 { position: absolute; clip-path: inset(50%); }</style></head>
<body><main><h1>Rig</h1><div id="app"></div></main></body></html>"""
DRAW = """async ([esm, css]) => {
    document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
    const heard = new Map();
    let last = Promise.resolve();
    const raw = {
        get: () => undefined,
        on: (event, call) => heard.set(event, [...(heard.get(event) ?? []), call]),
        off: (event, call) => heard.set(event, (heard.get(event) ?? []).filter((one) => one !== call)),
        send: (message) => {
            last = last.then(() => window.toEngine(JSON.stringify(message))).then((out) => {
                for (const one of JSON.parse(out)) for (const call of heard.get("msg:custom") ?? []) call(one);
            });
        },
    };
    const script = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
    const widget = (await import(script)).default;
    widget.render({ model: raw, el: document.getElementById("app") });
}"""


_ENGINES: WeakKeyDictionary[Page, CaseConference] = WeakKeyDictionary()


def conference(case: str) -> CaseConference:
    """A sample case, opened in the form."""
    made = CaseConference()
    made.load(CASES / f"{case}.toml")
    return made


def show(page: Page, widget: CaseConference) -> Locator:
    """The widget, drawn in a page of its own origin; shown again in the same tab, it is a page that was loaded again."""
    known = page in _ENGINES
    _ENGINES[page] = widget

    def to_engine(text: str) -> str:
        out: list[Any] = []
        engine = _ENGINES[page]
        engine.send = lambda content, buffers=None: out.append(content)  # type: ignore[method-assign]  # there is no kernel
        engine._handle_custom_msg(json.loads(text), [])
        return json.dumps(out)

    page.route(ADDRESS, lambda route: route.fulfill(body=HTML, content_type="text/html"))
    page.goto(ADDRESS)
    if not known:
        page.expose_function("toEngine", to_engine)
    page.evaluate(DRAW, [str(widget._esm), str(widget._css)])
    app = page.locator(".cc-app.cc-conference")
    app.wait_for()
    return app


def axe(page: Page, context: str = ".cc-conference") -> list[str]:
    """What axe finds against the widget, with the element of each."""
    found = Axe().run(page, context=context, options=AXE).response["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]
