"""`python -m xroute`."""

from xroute.cli import main

main()
