"""The thin line: Textual's output stage and driver replaced, so that only changed cells travel. Nothing else knows it."""
