"""The residents' group chat: what a bridge sends, what becomes of it, what is answered."""
