"""HTML that follows from a value alone, rendered once in a process and kept."""

from collections import OrderedDict
from collections.abc import Callable

from django.utils.safestring import SafeString
from django.utils.translation import get_language


class Kept:
    """The last ``most`` pieces by their key; a key must say everything that its piece follows from."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.pieces: OrderedDict[object, SafeString] = OrderedDict()

    def html(self, key: object, render: Callable[[], SafeString]) -> SafeString:
        """Return the piece for ``key`` in the language of the request, rendered if it is not there."""
        whole_key = (get_language(), key)
        found = self.pieces.get(whole_key)
        if found is None:
            found = self.pieces[whole_key] = render()
            if len(self.pieces) > self.most:
                self.pieces.popitem(last=False)
        return found


kept = Kept(4096)  # cards of about 8 kB
kept_lists = Kept(256)  # about 30 kB each
