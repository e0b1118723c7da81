"""What is seen: the screens of the console. Knows no file."""
