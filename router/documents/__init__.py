"""TOML written by people: its values, and the line and column of each, so that a fault is told at its place."""
