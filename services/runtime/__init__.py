"""What the services share about running: settings, queue, logs, metrics, problems."""
