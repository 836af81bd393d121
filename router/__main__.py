"""`python -m router`: the same as the command `aiguillage`, wherever the project is."""

from router.cli import main

main()
