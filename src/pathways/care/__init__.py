"""What goes on after the plan: checks, trends, urine, taper, levels of care, handout, services."""
