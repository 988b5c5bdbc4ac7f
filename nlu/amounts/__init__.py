"""Numbers, money, discounts and quantities of a text."""
