"""One folder per platform; none imports another."""
