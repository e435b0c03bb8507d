"""What the services share about the data: store, schemas, migrations."""
