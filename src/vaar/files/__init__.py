"""How files of a run directory are written and read."""
