"""The line to the group chat: bridges come in, what they say is kept, what is to be said goes out."""
