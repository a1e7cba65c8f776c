"""How a study and its design judge simulated respondents whose truth is known."""
