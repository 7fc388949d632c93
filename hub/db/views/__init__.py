"""Read models: what the pages show, one query set a page, as frozen dataclasses.

Every function takes an open reading transaction, so that one page shows one moment.
"""
