"""Runs side by side: their figures, correlations over models, and what changed between them."""
