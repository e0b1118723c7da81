"""What is kept: documents by kind and id, in files that many sessions can trust. Knows no issue."""
