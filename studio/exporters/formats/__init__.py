"""One file per format; a class that is declared here is an exporter, and needs to be named nowhere else."""
