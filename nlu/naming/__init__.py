"""Who a text names: customers among many, new firms, persons."""
