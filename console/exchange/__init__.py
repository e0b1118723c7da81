"""Tables from outside and to outside: reading files of all kinds, maps, import, export."""
