"""What respondents do with a release form, beside what they say that they would do."""
