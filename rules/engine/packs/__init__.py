"""Packed bytes to a compiled pack; nothing but the standard library is needed."""

from rules.engine.packs.loading import PackLoader, load_pack

__all__ = ["PackLoader", "load_pack"]
