"""Which tokens the repetition guard forbids next, found without searching the whole window at each step."""

from collections.abc import Collection, Sequence


class NgramBans:
    """Forbids the tokens that would repeat an n-gram of the window, as vLLM's NoRepeatNGramLogitsProcessor does.

    Each n-gram of the window is kept under the hash of all its tokens but the last. What the newest tokens may not be
    followed by is then one look-up, however long the window is; a step costs the hash of one n-gram.

    Args:
        tokens: The output so far; the list is not copied. Where it has grown by one token since the last call, only
            that one is read; where it has another length, or the token before is another one, the whole window is.
        ngram_size: Length of an n-gram, in tokens. For 1 nothing is forbidden, as in vLLM.
        window_size: How many of the newest tokens are searched.
        whitelist: Tokens that are never forbidden.
    """

    __slots__ = ("_index", "_key", "_last", "_most", "_others", "_seen", "_size", "_tokens", "_whitelist", "_window")

    def __init__(
        self, tokens: list[int], ngram_size: int, window_size: int, whitelist: Collection[int] = frozenset()
    ) -> None:
        self._tokens = tokens
        self._size = ngram_size
        self._window = window_size
        self._whitelist = frozenset(whitelist)
        # Hash of an n-gram's first tokens -> where the newest such n-gram starts; and where older ones start that have
        # other last tokens, the newest for each. Apart, because the second is rare and integers cost less than tuples.
        self._index: dict[int, int] = {}
        self._others: dict[int, tuple[int, ...]] = {}
        self._most = 2 * max(0, window_size - ngram_size + 1) + 64
        # What the last call saw: the number of tokens, the newest of them, and the hash of the newest n - 1.
        self._seen = 0
        self._last = 0
        self._key = 0

    def banned(self) -> Sequence[int]:
        """Return the tokens that must not come next, each once."""
        tokens, size = self._tokens, self._size
        length = len(tokens)
        if length < size or size < 2:
            return ()
        oldest = max(0, length - self._window)
        if length == self._seen + 1 and tokens[-2] == self._last:
            self._add(self._key, length - size, oldest)
        else:
            self._index.clear()
            self._others.clear()
            for start in range(oldest, length - size + 1):
                self._add(hash(tuple(tokens[start : start + size - 1])), start, oldest)
        newest = tokens[1 - size :]
        self._seen, self._last, self._key = length, newest[-1], hash(tuple(newest))
        start = self._index.get(self._key, -1)
        if start < oldest:
            return ()
        starts = (start, *self._others.get(self._key, ()))
        # The hash may be another n-gram's.
        found = (s for s in starts if s >= oldest and tokens[s : s + size - 1] == newest)
        return [last for last in (tokens[s + size - 1] for s in found) if last not in self._whitelist]

    def _add(self, key: int, start: int, oldest: int) -> None:
        known = self._index.get(key)
        if known is not None:
            tokens, offset = self._tokens, self._size - 1
            last = tokens[start + offset]
            older = (known, *self._others.pop(key, ()))
            others = tuple(s for s in older if s >= oldest and tokens[s + offset] != last)
            if others:
                self._others[key] = others
        elif len(self._index) >= self._most:
            self._index = {k: newest for k, newest in self._index.items() if newest >= oldest}
            self._others = {k: others for k, others in self._others.items() if k in self._index}
        self._index[key] = start
