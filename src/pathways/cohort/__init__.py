"""The same facts and rules over many people, as tables."""
