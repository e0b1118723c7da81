"""The headless verbs: the same desk and the same rules without a screen."""
