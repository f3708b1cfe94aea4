"""Sweeps: trials of a project with other values, judged by the validation part, each of them a run like others."""
