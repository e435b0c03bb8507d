"""`python -m beleg_client.command`: the `beleg` command without its script."""

from beleg_client.command import main

main()
