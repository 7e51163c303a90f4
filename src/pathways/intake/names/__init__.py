"""The name of a medicine taken apart, token by token: ingredients, strengths, form, route, release; and what is left over.

What is in no table is left over, and a name with a piece left over is known in part: what is recognized is in it, and more
may be. Two medicines in one text are two. See `read_name` and `understood`.
"""

from .product import Part, Product, active_of, nearest_names, on_skin, read_name, understood
from .strengths import Strength

__all__ = ["Part", "Product", "Strength", "active_of", "nearest_names", "on_skin", "read_name", "understood"]
