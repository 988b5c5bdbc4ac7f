"""What each act does and what is answered."""
