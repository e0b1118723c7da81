"""What is done: the duty work itself and its headless verbs. Knows no terminal."""
