"""A made-up territory and its past, played through the real use cases. Nothing here serves a real installation."""
