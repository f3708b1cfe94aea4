"""Mathematics as it is taught: read from a small markup, laid out, painted and spoken."""
