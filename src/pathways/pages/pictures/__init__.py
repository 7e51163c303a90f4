"""Pictures of a case: pure functions from typed objects to SVG text, each with the same numbers in words beside it.

No script, no reference to anything outside, every text escaped. What is not known is hatched and said, never drawn as none;
sign and words say what a shade says. Their styles stand in ``pictures.css``, on the variables of the page, so that they
follow its colors in light, dark and print.
"""
