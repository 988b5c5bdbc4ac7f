"""What is no note: questions, orders, decisions, and turns about what was said last."""
