"""Tables and queries: the only SQL of the product. Takes no decision."""
