"""What is kept: records, queries, queues, migrations."""
