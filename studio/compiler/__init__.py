"""Will it run, what does it cost, and which PyTorch is it: shapes, problems, and source of a project, without torch."""
