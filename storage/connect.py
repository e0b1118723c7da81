"""An address becomes a store: a folder, or (once a city outgrows one machine) ``postgresql://…``."""

from __future__ import annotations

from storage.errors import Unavailable
from storage.files import FileStore
from storage.options import Options
from storage.store import Store


def connect(address: str, options: Options) -> Store:
    """Open the store at an address: the path of a folder, or ``memory:`` for one that is gone with the process."""
    if address == "memory:":
        from storage.memory import MemoryStore

        return MemoryStore(options.now, options.kinds)
    if "://" in address:
        raise Unavailable(
            "{address} is not an address of a store that this version can open; name a folder", address=address
        )
    return FileStore(address, options)
