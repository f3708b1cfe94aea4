"""The page that a person meets first: templates, recent projects, recent runs."""
