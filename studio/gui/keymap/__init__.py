"""Which keys do what: rows that can have keys, presets, a person's own choices, and what clashes."""
