"""Takes articles over HTTP, commits them with their job, and hints the queue."""
