"""Dose texts: words to tokens (`words`, `context`), a lark grammar over them (`grammar`), units of the product
(`measure`), and what they make a day (`assemble`)."""
