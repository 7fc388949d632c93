"""Who is signed in, and what that user may do."""

from dataclasses import dataclass

Permission = str
"""What a user may do, as `noun.verb`: `orders.cancel`. Each noun declares its own."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user's session; only the SHA-256 of its token is kept. Times are Unix ms.

    `permissions` are those of the user's role when the session was looked up.
    """

    token_hash: str
    user_id: int
    user: str
    role: str
    created_at: int
    seen_at: int
    expires_at: int
    address: str = ""
    permissions: frozenset[Permission] = frozenset()

    def may(self, permission: Permission) -> bool:
        """Say whether the session's user may do what the permission names."""
        return permission in self.permissions
