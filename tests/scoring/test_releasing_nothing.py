"""A project without finished gold has nothing to release, and says so."""

import pytest

from annotator.cut import CannotRelease
from scoring.releasing import Wish, trial


def test_a_trial_of_nothing_is_refused(project):
    with pytest.raises(CannotRelease, match="no finished gold"):
        trial(project, Wish())


def test_a_project_without_gold_says_so(as_mo, question):
    assert "There is no finished gold to release" in as_mo.get("/p/clocks/release/").text
