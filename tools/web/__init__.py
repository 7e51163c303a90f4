"""Puts together the page that needs no install: `python kit.py web --out DIR`."""
