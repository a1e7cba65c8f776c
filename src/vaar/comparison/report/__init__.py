"""A comparison in the report: words, pictures, tables."""
