"""How the shipped models are made: from annotated data to files with a card, in one command."""
