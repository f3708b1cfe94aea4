"""Small controls that Qt lacks or draws otherwise; none knows what it is used for."""
