"""Ways that optimizers take down an error of two weights, to be watched and compared."""
