"""The panel at the right: settings of what is selected, what it computes, and how the project is trained."""
