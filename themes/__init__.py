"""How it looks: palettes, signs and styles. Imports nothing of ours."""
