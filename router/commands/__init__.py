"""The commands, one file per family. They parse, call the desk, and print; they decide nothing."""
