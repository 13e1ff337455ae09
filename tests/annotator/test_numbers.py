"""Numbers as people read them."""

import pytest

from annotator.templatetags.numbers import p_value


@pytest.mark.parametrize(
    ("p", "shown"),
    [
        (0.0, "< .001"),
        (0.00099, "< .001"),
        (0.001, ".001"),
        (0.0494, ".049"),
        (0.9994, ".999"),
        (0.9996, "1"),
        (1.0, "1"),
    ],
)
def test_a_p_has_three_digits_unless_it_is_next_to_0_or_1(p, shown):
    assert p_value(p) == shown
