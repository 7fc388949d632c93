"""What is read out of packs is read once for each, and the oldest is let go."""

from hub.desk.rulepacks.reads import ReadOnce


def test_a_pack_is_read_once_and_the_oldest_is_let_go() -> None:
    loaded: list[str] = []
    once = ReadOnce(bytes.decode, most=2)

    def ask(digest: str) -> str:
        def load() -> bytes:
            loaded.append(digest)
            return digest.encode()

        return once.of(digest, load)

    answers = [ask(one) for one in ("a", "b", "b", "a", "c", "c", "b", "a")]

    assert answers == ["a", "b", "b", "a", "c", "c", "b", "a"]
    assert loaded == ["a", "b", "c", "a"]


def test_a_pack_that_is_asked_for_while_others_are_read_is_its_own() -> None:
    once = ReadOnce(bytes.decode, most=1)

    def load_beside() -> bytes:
        once.of("other", lambda: b"other")
        return b"own"

    assert once.of("own", load_beside) == "own"
    assert once.of("other", lambda: b"other") == "other"


def test_a_pack_that_is_gone_is_looked_for_again() -> None:
    once = ReadOnce(bytes.decode)

    assert once.of("a", lambda: None) == ""
    assert once.of("a", lambda: b"there") == "there"
