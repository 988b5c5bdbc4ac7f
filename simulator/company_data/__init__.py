"""What the demo company is made of: invented names, products and sentences."""
