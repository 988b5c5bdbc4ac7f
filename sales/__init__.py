"""The rules of selling: what a sales director would recognise, over records."""
