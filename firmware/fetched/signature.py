"""Ed25519 signatures (RFC 8032), checked without a library: boards have none.

Nothing here is secret, and it is rarely done, so it may take as long as it takes. SHA-512 is here,
too: boards lack it.
"""

_P = (1 << 255) - 19
_ORDER = (1 << 252) + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_MASK = (1 << 64) - 1
_KEY_BYTES = 32


def is_signed(
    key: bytes, message: bytes, signature: bytes, *, breathe: "Callable[[], object]" = int
) -> bool:
    """Tell whether a signature of 64 bytes was made of a message by the owner of a key.

    A chip needs seconds for it; `breathe` is called all along, to feed a watchdog.
    """
    if len(key) != _KEY_BYTES or len(signature) != 2 * _KEY_BYTES:
        return False
    owner, point = _point(key), _point(signature[:_KEY_BYTES])
    scalar = int.from_bytes(signature[_KEY_BYTES:], "little")
    if owner is None or point is None or scalar >= _ORDER:
        return False
    digest = sha512(signature[:_KEY_BYTES] + key + message)
    factor = int.from_bytes(digest, "little") % _ORDER
    left = _times(scalar, _extended(_x_of(_BASE_Y, 0), _BASE_Y), breathe)
    right = _plus(point, _times(factor, owner, breathe))
    return _same(left, right)


def sha512(message: bytes) -> bytes:
    """Give the SHA-512 of a short message (FIPS 180-4)."""
    primes = _primes(80)
    rounds = [_root_bits(prime, 3) for prime in primes]
    state = [_root_bits(prime, 2) for prime in primes[:8]]
    padding = b"\x80" + bytes(-(len(message) + 17) % 128)
    padded = message + padding + (8 * len(message)).to_bytes(16, "big")
    for at in range(0, len(padded), 128):
        words = [int.from_bytes(padded[at + n : at + n + 8], "big") for n in range(0, 128, 8)]
        state = _compressed(state, words, rounds)
    return b"".join([word.to_bytes(8, "big") for word in state])


def _compressed(state: "list[int]", words: "list[int]", rounds: "list[int]") -> "list[int]":
    for n in range(16, 80):
        low, high = words[n - 15], words[n - 2]
        low = _turned(low, 1) ^ _turned(low, 8) ^ low >> 7
        high = _turned(high, 19) ^ _turned(high, 61) ^ high >> 6
        words.append(words[n - 16] + low + words[n - 7] + high & _MASK)
    a, b, c, d, e, f, g, h = state
    for n in range(80):
        mixed = _turned(e, 14) ^ _turned(e, 18) ^ _turned(e, 41)
        first = h + mixed + (e & f ^ ~e & g) + rounds[n] + words[n]
        mixed = _turned(a, 28) ^ _turned(a, 34) ^ _turned(a, 39)
        second = mixed + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = first + second & _MASK, a, b, c, d + first & _MASK, e, f, g
    changed = (a, b, c, d, e, f, g, h)
    return [state[n] + changed[n] & _MASK for n in range(8)]


def _turned(word: int, by: int) -> int:
    return word >> by | word << 64 - by & _MASK


def _primes(count: int) -> "list[int]":
    found = [2]
    while len(found) < count:
        following = found[-1] + 1
        while any(following % prime == 0 for prime in found):
            following += 1
        found.append(following)
    return found


def _root_bits(number: int, degree: int) -> int:
    """Give the first 64 bits behind the point of a number's root."""
    scaled, low, high = number << 64 * degree, 0, 1 << 70
    while high - low > 1:
        middle = (low + high) // 2
        if middle**degree > scaled:
            high = middle
        else:
            low = middle
    return low & _MASK


def _point(written: bytes) -> "tuple[int, int, int, int] | None":
    """Read a point of the curve; None for bytes that are none."""
    whole = int.from_bytes(written, "little")
    y, sign = whole & (1 << 255) - 1, whole >> 255
    x = _x_of(y, sign) if y < _P else -1
    return None if x < 0 else _extended(x, y)


def _x_of(y: int, sign: int) -> int:
    """Give the x of a point, -1 where there is none."""
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return -1
    return _P - x if x & 1 != sign else x


def _extended(x: int, y: int) -> "tuple[int, int, int, int]":
    return x, y, 1, x * y % _P


def _plus(one: "tuple", two: "tuple") -> "tuple[int, int, int, int]":
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(
    factor: int, point: "tuple", breathe: "Callable[[], object]"
) -> "tuple[int, int, int, int]":
    found = (0, 1, 1, 0)
    while factor:
        breathe()
        if factor & 1:
            found = _plus(found, point)
        point = _plus(point, point)
        factor >>= 1
    return found


def _same(one: "tuple", two: "tuple") -> bool:
    across = (one[0] * two[2] - two[0] * one[2]) % _P
    return across == 0 and (one[1] * two[2] - two[1] * one[2]) % _P == 0
