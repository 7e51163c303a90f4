"""The case conference as a page that needs no install: Python runs in the browser. `tools/web` puts the folder together."""
