"""Everything a person can place on the canvas: one file per family, one class per node."""
