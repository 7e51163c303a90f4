"""Teaching: a learner commits to a plan before the review is shown, and the two are laid side by side."""

from .calibration import Calibration, calibration
from .compare import compare
from .exercise import Commitment, Exercise, NotCommittedError
from .remarks import Feedback, Remark

__all__ = [
    "Calibration",
    "Commitment",
    "Exercise",
    "Feedback",
    "NotCommittedError",
    "Remark",
    "calibration",
    "compare",
]
