"""A study or a run is calibrated before it costs anything, and what was found is kept."""
