"""Everything a person can do, as rows of data that menus, shortcuts and the command palette share."""
