"""For whoever runs the service: its state, its messages, and what a monitor asks."""
